import RecastModel
import RecastYAML

/// A value and the nodes that lead to it.
struct Trace {
    let keys: [String]
    /// From the root to the value.
    let nodes: [YAMLNode]
    /// The entry that holds the value; `nil` for an item of a list and for the root.
    let entry: YAMLNode.Entry?
    let node: YAMLNode
    /// The file names the variable alone, as `environment: {NAME: }` does, and this is its value.
    let inherited: Variables.Value?

    init(_ keys: [String], through nodes: [YAMLNode], entry: YAMLNode.Entry?, variables: [String: Variables.Value]) {
        let node = nodes[nodes.count - 1]
        self.keys = keys
        self.nodes = nodes
        self.entry = entry
        inherited = keys.last.flatMap { name in
            guard Self.isVariable(keys), node.isFilledIn(at: entry?.keyPosition), let value = variables[name],
                node.string == value.text
            else { return nil }
            return value
        }
        self.node = node
    }

    /// `services.NAME.environment.KEY`.
    var isVariable: Bool { Self.isVariable(keys) }

    private static func isVariable(_ keys: [String]) -> Bool {
        keys.count == 4 && keys[0] == "services" && keys[2] == "environment"
    }

    var isImage: Bool { keys.count == 3 && keys[0] == "services" && keys[2] == "image" }

    /// No text of its own stands for it: it is where the value around it begins, and something else is written there.
    func isImplied(_ lines: SourceLines) -> Bool {
        guard inherited == nil, !node.quoted, !node.isInterpolated, let parent = nodes.dropLast().last else {
            return false
        }
        if node.isScalar, !node.isNull {
            return node.position.stands(beside: parent.position)
                && !lines.hold(node.text ?? node.formattedText ?? "", at: node.textPosition)
                && !(keys.last.map { lines.hold($0, at: node.position) } ?? false)
        }
        return entry.map { !lines.hold($0.key, at: $0.keyPosition) } ?? false
    }
}

extension YAMLNode {
    /// Its key alone stands in the file; a line of an env file begins in the first column.
    fileprivate func isFilledIn(at key: SourcePosition?) -> Bool {
        text == nil && position == key && position.column > 1
    }

    fileprivate var isInterpolated: Bool {
        trail.contains { if case .variables = $0 { true } else { false } }
    }
}

extension SourcePosition {
    /// At the same place, or behind a quote that stands there.
    fileprivate func stands(beside other: SourcePosition) -> Bool {
        file == other.file && line == other.line && (other.column...(other.column + 1)).contains(column)
    }
}
