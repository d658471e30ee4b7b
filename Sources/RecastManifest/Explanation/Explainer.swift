import RecastModel
import RecastYAML

/// Explains the values of one tree.
struct Explainer {
    let root: YAMLNode
    let variables: [String: Variables.Value]
    /// Where values stand that a secret variable went into.
    let sensitive: Set<SourcePosition>
    let lines: SourceLines

    func explain(_ path: ValuePath) throws(UnknownPath) -> Explanation {
        let trace = try trace(path)
        let masking = Masking(self)
        let isSecret = masking.hides(trace)
        let layers = trace.layers(variables).map { layer in
            let position = layer.site.position
            let line = lines.line(at: position).map {
                isSecret ? SourceLines.masking($0, from: position.column) : masking.redacted($0)
            }
            return Explanation.Layer(
                .init(position, line: line), routes: layer.routes, variables: layer.variables.map(masking.masked))
        }
        let value = isSecret ? trace.node.replacing(.string(maskedValue)) : masking.masked(trace.node, at: path.keys)
        return Explanation(
            path: path.description, value: String(value.withoutTag.yamlText.dropLast()), isSecret: isSecret,
            isImplied: trace.isImplied(lines), layers: layers, parts: parts(of: trace.node))
    }

    private func parts(of node: YAMLNode) -> [Explanation.Part] {
        let items = (node.items ?? []).enumerated().map { Explanation.Part("\($0)", position: $1.position) }
        let entries = (node.entries ?? []).map { Explanation.Part(ValuePath.written($0.key), position: $0.keyPosition) }
        return items + entries
    }
}

extension Explainer {
    private func trace(_ path: ValuePath) throws(UnknownPath) -> Trace {
        var nodes = [root]
        var entry: YAMLNode.Entry?
        var node = root
        for (depth, key) in path.keys.enumerated() {
            guard let next = child(key, of: node) else {
                throw unknown(key, in: node, at: ValuePath(keys: Array(path.keys.prefix(depth))))
            }
            entry = node.entry(key)
            node = next
            nodes.append(next)
        }
        return Trace(path.keys, through: nodes, entry: entry, variables: variables)
    }

    private func child(_ key: String, of node: YAMLNode) -> YAMLNode? {
        guard let items = node.items else { return node[key] }
        return Int(key).flatMap { items.indices.contains($0) ? items[$0] : nil }
    }

    private func unknown(_ key: String, in node: YAMLNode, at path: ValuePath) -> UnknownPath {
        let place = path.keys.isEmpty ? "the top level" : "\(path)"
        if let items = node.items {
            let range = items.isEmpty ? "it is empty" : "its items are 0 to \(items.count - 1)"
            return UnknownPath(message: "there is no item '\(key)' in \(place)", help: range)
        }
        guard let entries = node.entries else {
            return UnknownPath(message: "\(place) is \(node.kind): there is no '\(key)' in it", help: nil)
        }
        let near = nearest(to: key, in: entries.map(\.key)).map { "did you mean '\(path.appending($0))'?" }
        let names = entries.map { ValuePath.written($0.key) }
        let some = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", …" : "")
        let listed = names.isEmpty ? "it is empty" : "there is \(some)"
        return UnknownPath(message: "there is no '\(key)' in \(place)", help: near ?? listed)
    }
}
