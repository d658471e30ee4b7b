import RecastModel
import RecastYAML

/// The variables that a compose file wants, and where an environment gets them from.
struct AdoptedVariables {
    /// With the value from `.env`, in the order in which the file uses them.
    private(set) var values: [(name: String, value: String)] = []
    /// What must not stand in a file that is committed.
    private(set) var secrets: [String] = []
    /// Without a value or a default, and where they are used.
    private(set) var missing: [(name: String, position: SourcePosition)] = []

    /// `path`: the compose file, as seen from where `files` start.
    init(_ documents: [YAMLNode], of path: String, _ files: Files) {
        let known = Self.dotenv(besides: path, files)
        var uses = VariableUses()
        for document in documents { uses.read(document, at: TreePath()) }
        let hidden = Set(known.filter { Sensitivity.isSensitive(name: $0.key) && !$0.value.isEmpty }.values)
        for use in uses.found where use.name != "COMPOSE_PROJECT_NAME" {
            let value = known[use.name]
            switch value {
            case _ where use.isSecret || Self.isSecret(use.name, value, hidden):
                if value != nil || use.isNeeded { secrets.append(use.name) }
            case let value?: values.append((use.name, value))
            case nil: if use.isNeeded { missing.append((use.name, use.position)) }
            }
        }
    }

    /// By its name, by a password of a URL in it, or since a secret went into it.
    private static func isSecret(_ name: String, _ value: String?, _ hidden: Set<String>) -> Bool {
        if Sensitivity.isSensitive(name: name) { return true }
        guard let value else { return false }
        return Sensitivity.isSensitive(value: value) || hidden.contains { value.contains($0) }
    }

    /// The variables of the `.env` that Docker Compose reads; none when it cannot be read.
    private static func dotenv(besides path: String, _ files: Files) -> [String: String] {
        guard let bytes = try? files.read(FilePath.resolve(".env", besides: path)).get(),
            let file = try? Dotenv(String(decoding: bytes, as: UTF8.self), lookup: { _ in nil })
        else { return [:] }
        return Dictionary(file.entries.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }
}

/// Every variable that the values of a file name, once each.
private struct VariableUses {
    struct Use {
        let name: String
        let position: SourcePosition
        /// At least one use has no default.
        var isNeeded: Bool
        /// A secret takes its value.
        var isSecret = false
    }

    private(set) var found: [Use] = []
    private let interpolator = Interpolator(Variables { _ in nil })

    mutating func read(_ node: YAMLNode, at path: TreePath) {
        switch node.content {
        case .string(let text):
            guard text.contains("$"), let interpolation = try? Interpolation(text) else { return }
            for (reference, isNeeded) in interpolation.uses {
                add(reference.name, at: node.place(offset: reference.offset, length: 1).position, isNeeded)
            }
        case .sequence(let items):
            for item in items { read(item, at: path) }
        case .mapping(let entries):
            for entry in entries where !interpolator.isIgnored(entry.key, in: path) {
                read(entry.value, at: path.appending(entry.key))
            }
            if path.keys.last == "environment" { readNames(entries) }
            if path.keys.count == 2, path.keys[0] == "secrets" { readSource(entries) }
        default: break
        }
    }

    /// `NAME:` takes the variable's value, and does without when there is none.
    private mutating func readNames(_ entries: [YAMLNode.Entry]) {
        for entry in entries where entry.value.isNull && entry.key.isVariableName {
            add(entry.key, at: entry.keyPosition, false)
        }
    }

    /// `environment: NAME` of a secret.
    private mutating func readSource(_ entries: [YAMLNode.Entry]) {
        for entry in entries where entry.key == "environment" {
            guard let name = entry.value.string, name.isVariableName else { continue }
            add(name, at: entry.value.position, true)
            if let index = found.firstIndex(where: { $0.name == name }) { found[index].isSecret = true }
        }
    }

    private mutating func add(_ name: String, at position: SourcePosition, _ isNeeded: Bool) {
        if let index = found.firstIndex(where: { $0.name == name }) {
            found[index].isNeeded = found[index].isNeeded || isNeeded
        } else {
            found.append(Use(name: name, position: position, isNeeded: isNeeded))
        }
    }
}

extension Interpolation {
    /// Each variable of the text, and whether the text means nothing without it.
    fileprivate var uses: [(reference: Reference, isNeeded: Bool)] { Self.uses(of: segments) }

    private static func uses(of segments: [Segment]) -> [(reference: Reference, isNeeded: Bool)] {
        segments.flatMap { segment -> [(reference: Reference, isNeeded: Bool)] in
            guard case .variable(let reference, let rule) = segment else { return [] }
            switch rule {
            case .plain: return [(reference, true)]
            case .required: return [(reference, true)]
            case .fallback(let operand, _): return [(reference, false)] + uses(of: operand)
            case .alternative(let operand, _):
                return [(reference, false)] + uses(of: operand).map { ($0.reference, false) }
            }
        }
    }
}
