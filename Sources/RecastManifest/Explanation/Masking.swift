import RecastModel
import RecastYAML

/// Keeps secrets out of an explanation.
struct Masking {
    private let explainer: Explainer
    /// Texts that must not be shown, the longest first.
    ///
    /// What is shorter than four characters is no secret.
    private let secrets: [String]

    init(_ explainer: Explainer) {
        self.explainer = explainer
        let variables = explainer.variables.values.filter(\.sensitive).map(\.text)
        let own = (explainer.root["services"]?.entries ?? []).flatMap { service in
            (service.value["environment"]?.entries ?? [])
                .filter { Sensitivity.isSensitive(name: $0.key) }.compactMap(\.value.string)
        }
        secrets = Set(variables + own).filter { $0.count > 3 }.sorted { ($1.count, $0) < ($0.count, $1) }
    }

    func hides(_ trace: Trace) -> Bool {
        guard trace.node.isScalar else { return false }
        if trace.inherited?.sensitive == true { return true }
        if trace.isVariable, let name = trace.keys.last, Sensitivity.isSensitive(name: name) { return true }
        return !trace.isImage && hides(trace.node)
    }

    private func hides(_ node: YAMLNode) -> Bool {
        if explainer.sensitive.contains(node.position), node.isScalar { return true }
        guard let text = node.string else { return false }
        return Sensitivity.isSensitive(value: text) || secrets.contains { text.contains($0) }
    }

    /// A tree with every secret in it masked; `keys` lead to it from the root.
    func masked(_ node: YAMLNode, at keys: [String]) -> YAMLNode {
        switch node.content {
        case .sequence(let items):
            return node.replacing(.sequence(items.enumerated().map { masked($1, at: keys + ["\($0)"]) }))
        case .mapping(let entries):
            let values = entries.map { entry in
                let value = masked(entry.value, at: keys + [entry.key])
                return YAMLNode.Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
            }
            return node.replacing(.mapping(values))
        default:
            guard !node.isNull else { return node }
            let trace = Trace(keys, through: [node], entry: nil, variables: [:])
            return hides(trace) ? node.replacing(.string(maskedValue)) : node
        }
    }

    /// A line of a file without the secrets that are known.
    func redacted(_ line: String) -> String { secrets.reduce(line) { $0.replacing($1, with: maskedValue) } }

    func masked(_ variable: Explanation.Variable) -> Explanation.Variable {
        let isSecret = explainer.variables[variable.name]?.sensitive ?? false
        guard isSecret, variable.value != nil else { return variable }
        return Explanation.Variable(variable.name, value: maskedValue, source: variable.source)
    }
}
