import RecastModel
import RecastYAML

/// A value and the nodes that lead to it.
struct Trace {
    let keys: [String]
    /// From the root to the value.
    let nodes: [YAMLNode]
    /// The entry that holds the value; `nil` for an item of a list and for the root.
    let entry: YAMLNode.Entry?
    /// The value, which a variable has filled in where the file leaves that to it.
    let node: YAMLNode
    /// The file names the variable alone, as `environment: {NAME: }` does, and this is its value.
    let inherited: Variables.Value?

    init(_ keys: [String], through nodes: [YAMLNode], entry: YAMLNode.Entry?, variables: [String: Variables.Value]) {
        let node = nodes[nodes.count - 1]
        self.keys = keys
        self.nodes = nodes
        self.entry = entry
        inherited = keys.last.flatMap { name in
            guard Self.isVariable(keys), node.isLeftToVariable(at: entry?.keyPosition), let value = variables[name],
                node.isNull || node.string == value.text
            else { return nil }
            return value
        }
        self.node = inherited.map { node.replacing(.string($0.text)) } ?? node
    }

    /// `services.NAME.environment.KEY`.
    var isVariable: Bool { Self.isVariable(keys) }

    private static func isVariable(_ keys: [String]) -> Bool {
        keys.count == 4 && keys[0] == "services" && keys[2] == "environment"
    }

    var isImage: Bool { keys.count == 3 && keys[0] == "services" && keys[2] == "image" }

    private var parent: YAMLNode? { nodes.dropLast().last }

    /// A value without a text of its own that stands where the one around it begins.
    var isImplied: Bool {
        guard inherited == nil, node.isScalar, node.text == nil, let parent else { return false }
        return node.position == parent.position
    }
}

extension YAMLNode {
    fileprivate func isLeftToVariable(at key: SourcePosition?) -> Bool {
        isNull || (text == nil && position == key && position.column > 1)
    }
}
