import RecastModel

/// The variables of an environment.
///
/// What only the shell has is not among them, so that a plan does not depend on who makes it; names under `pass:` are
/// the exception that the environment file spells out.
struct Variables {
    struct Value: Hashable {
        let text: String
        /// Not to be shown: it came through `pass:`, or its name says so.
        let sensitive: Bool
        /// `nil`: a service's own, which is no variable of the environment.
        var source: VariableSource?
    }

    private(set) var values: [String: Value] = [:]
    /// Names under `pass:` that the shell does not have.
    private(set) var missingPassed: Set<String> = []
    /// What `pass:` brought in; what is shorter than four characters is no secret.
    private(set) var passed: Set<String> = []
    /// A variable without a value is empty, as for Docker Compose; otherwise it is a mistake.
    let mayBeUnset: Bool
    private var fromFiles: Set<String> = []
    private let processVariable: (String) -> String?

    init(mayBeUnset: Bool = false, processVariable: @escaping (String) -> String?) {
        self.mayBeUnset = mayBeUnset
        self.processVariable = processVariable
    }

    subscript(name: String) -> Value? { values[name] }

    /// Texts that no message may quote; what is shorter than four characters is no secret.
    var secrets: [String] { values.values.filter { $0.sensitive && $0.text.count > 3 }.map(\.text) }

    /// Where paths that begin with `~` start: it is about this machine, whoever's variables count otherwise.
    var home: String? { values["HOME"]?.text ?? processVariable("HOME") }

    /// The next move when a variable is missing.
    func waysToSet(_ name: String) -> String {
        mayBeUnset ? "give it with --set \(name)=…" : "add `\(name)` to `variables:` of the environment"
    }

    /// Set in the shell, but not named by the environment.
    func isOnlyInShell(_ name: String) -> Bool {
        values[name] == nil && !missingPassed.contains(name) && processVariable(name) != nil
    }

    mutating func set(_ name: String, to text: String, sensitive: Bool = false, from source: VariableSource) {
        values[name] = Value(
            text: text, sensitive: sensitive || Sensitivity.isSensitive(name: name), source: source)
    }

    /// The same, and all of it stronger than every env file that is read from here on.
    var inherited: Variables {
        var copy = self
        copy.fromFiles = []
        return copy
    }

    /// From an env file: weaker than everything else, but a later file wins over an earlier one.
    mutating func setFromFile(_ name: String, to text: String, sensitive: Bool, at position: SourcePosition) {
        guard values[name] == nil || fromFiles.contains(name) else { return }
        fromFiles.insert(name)
        set(name, to: text, sensitive: sensitive, from: .envFile(position))
    }

    /// `position`: where the environment names it.
    mutating func pass(_ name: String, at position: SourcePosition) {
        if let text = processVariable(name) {
            set(name, to: text, sensitive: true, from: .passed(position))
            if text.count > 3 { passed.insert(text) }
        } else {
            missingPassed.insert(name)
        }
    }
}
