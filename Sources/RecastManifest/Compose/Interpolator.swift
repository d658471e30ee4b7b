import RecastModel
import RecastYAML

/// Puts the environment's variables into the values of a manifest, never into its keys.
struct Interpolator {
    private(set) var variables: Variables
    /// Where values stand that must not be shown.
    private(set) var sensitive: Set<SourcePosition> = []
    /// Where values stand that are not known, so that what else is wrong with them is no news.
    private(set) var unresolved: Set<SourcePosition> = []
    /// The variables of included projects; of two with one name the first.
    private(set) var included: [String: Variables.Value] = [:]
    /// A person's own keys, and what is not acted on, are left as they are.
    private let skipsIgnored: Bool
    /// Kept by service, as one that no profile starts may lack its variables.
    private var findings: [String?: Report] = [:]

    init(_ variables: Variables, skipsIgnored: Bool = true) {
        self.variables = variables
        self.skipsIgnored = skipsIgnored
    }

    /// One for an included project, whose own variables come under these.
    var child: Interpolator { Interpolator(variables.inherited, skipsIgnored: skipsIgnored) }

    /// The home directory, where paths that begin with `~` start.
    var home: String? { variables.home }

    /// Takes over what an included project's interpolator found.
    mutating func adopt(_ child: Interpolator) {
        sensitive.formUnion(child.sensitive)
        unresolved.formUnion(child.unresolved)
        included.merge(child.included.merging(child.variables.values) { $1 }) { first, _ in first }
        findings.merge(child.findings) { first, second in
            var both = first
            both.add(second)
            return both
        }
    }

    mutating func read(_ file: FileReference, in files: Files, _ report: inout Report) {
        report.readVariables(from: file, in: files, into: &variables)
    }

    mutating func expand(_ node: YAMLNode, at path: TreePath) -> YAMLNode {
        switch node.content {
        case .string(let text) where text.utf8.contains(UInt8(ascii: "$")): return expand(text, of: node, at: path)
        case .sequence(let items): return node.replacing(.sequence(items.map { expand($0, at: path) }))
        case .mapping(let entries):
            return node.replacing(
                .mapping(
                    entries.map { entry in
                        if isIgnored(entry.key, in: path) { return entry }
                        let value = expand(entry.value, at: path.appending(entry.key))
                        return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
                    }))
        default: return node
        }
    }

    /// What a value will be, without a word about it.
    func value(of node: YAMLNode) -> String? {
        guard case .string(let text) = node.content else { return nil }
        return try? Interpolation(text).evaluate { variables[$0]?.text }.text
    }

    /// What was found, without the services that do not run.
    func report(leavingOut services: Set<String>) -> Report {
        findings.reduce(into: Report()) { report, finding in
            if finding.key.map(services.contains) != true { report.add(finding.value) }
        }
    }

    /// What nobody reads: a person's own keys at the top, and words that are refused as a whole.
    func isIgnored(_ key: String, in path: TreePath) -> Bool {
        guard skipsIgnored else { return false }
        let object = path.keys.isEmpty ? Schema.manifest : path.isService ? Schema.service : nil
        guard let object else { return false }
        switch object.fields[key]?.support {
        case .ignored, .refused: return true
        case .honoured, .differs: return key == "build"
        case nil: return key.hasPrefix("x-") && key != "x-recast"
        }
    }

    private mutating func expand(_ text: String, of node: YAMLNode, at path: TreePath) -> YAMLNode {
        var report = findings[path.service] ?? Report()
        defer { findings[path.service] = report }
        do throws(GrammarError) {
            let interpolation = try Interpolation(text)
            return try evaluate(interpolation, of: node, at: path, &report)
        } catch {
            unresolved.insert(node.position)
            report.error(
                .badInterpolation, error.message, at: node.place(offset: error.offset, length: error.length),
                help: error.help)
            return node
        }
    }

    private mutating func evaluate(
        _ interpolation: Interpolation, of node: YAMLNode, at path: TreePath, _ report: inout Report
    ) throws(GrammarError) -> YAMLNode {
        let result: Interpolated
        do throws(GrammarError) {
            result = try interpolation.evaluate { variables[$0]?.text }
        } catch {
            unresolved.insert(node.position)
            let reference = interpolation.references.first { $0.offset == error.offset }
            let place = node.place(offset: error.offset, length: error.length)
            reportRequired(error, reference?.name ?? "", at: place, &report)
            return node.replacing(.string(""))
        }
        for reference in result.used { trace(reference, of: node, at: path, &report) }
        for reference in result.unset {
            if !variables.mayBeUnset { unresolved.insert(node.position) }
            let place = node.place(offset: reference.offset, length: reference.length)
            report.unset(reference.name, at: place, in: variables)
        }
        let fallbacks = result.used.filter { variables[$0.name] == nil && !result.unset.contains($0) }
        for reference in fallbacks where variables.isOnlyInShell(reference.name) {
            report.warn(
                .shadowedVariable, "'\(reference.name)' is set in your shell, but the default is used here",
                at: node.place(offset: reference.offset, length: reference.length),
                help: "add it to `variables:` of the environment, or name it under `pass:`")
        }
        var expanded = node.replacing(.string(result.text))
        if !result.used.isEmpty { expanded.trail.insert(.variables(result.used.map(\.name)), at: 0) }
        return expanded
    }

    private mutating func trace(
        _ reference: Interpolation.Reference, of node: YAMLNode, at path: TreePath, _ report: inout Report
    ) {
        guard let value = variables[reference.name], value.sensitive else { return }
        sensitive.insert(node.position)
        let isShown = path.keys.count < 3 || path.keys[2] != "environment"
        if isShown, Sensitivity.isSensitive(name: reference.name) {
            report.warn(
                .exposedSecret, "'\(reference.name)' will be shown in plans: only `environment` is masked",
                at: node.place(offset: reference.offset, length: reference.length),
                help: "pass it to the container as an environment variable")
        }
    }

    private func reportRequired(_ error: GrammarError, _ name: String, at place: Place, _ report: inout Report) {
        if variables.isOnlyInShell(name) || variables.missingPassed.contains(name) {
            return report.unset(name, at: place, in: variables)
        }
        report.error(.requiredVariable, error.message, at: place, help: variables.waysToSet(name))
    }
}

extension Report {
    /// Why a variable has no value, and the ways to give it one.
    mutating func unset(_ name: String, at place: Place, in variables: Variables) {
        if variables.isOnlyInShell(name) {
            error(
                .unpassedVariable, "'\(name)' is set in your shell, but not here", at: place,
                help: variables.mayBeUnset
                    ? "give it with --set, or read the shell with --shell-environment"
                    : "add it to `variables:` of the environment, or name it under `pass:`")
        } else if variables.missingPassed.contains(name) {
            error(
                .unsetVariable, "'\(name)' stands under `pass:`, but your shell does not have it", at: place,
                help: "export it, or give a default: ${\(name):-…}")
        } else if variables.mayBeUnset {
            warn(
                .unsetVariable, "'\(name)' is not set, so it is empty here", at: place,
                help: "set it with --set, or give a default: ${\(name):-…}")
        } else {
            let near = nearest(to: name, in: variables.values.keys).map { "did you mean '\($0)'? Or " } ?? ""
            error(
                .unsetVariable, "'\(name)' is not set in this environment", at: place,
                help: "\(near)add it to `variables:`, or give a default: ${\(name):-…}")
        }
    }
}

extension TreePath {
    fileprivate var isService: Bool { keys.count == 2 && keys[0] == "services" }
}
