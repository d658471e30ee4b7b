import RecastModel
import RecastYAML

extension Trace {
    /// The text that holds, then those whose place it took; neither lines nor masks yet.
    func layers(_ variables: [String: Variables.Value]) -> [Explanation.Layer] {
        var layers: [Explanation.Layer] = []
        var position = start
        var routes = ownRoutes
        var used = inherited == nil ? [] : keys.suffix(1).map { variable($0, variables) }
        func close() {
            layers.append(Explanation.Layer(.init(position, line: nil), routes: routes, variables: used))
        }
        for derivation in node.trail {
            switch derivation {
            case .overrides(let earlier):
                close()
                (position, routes, used) = (earlier, [], [])
            case .inherited(let service, let place): routes.append(.extended(service, place))
            case .included(let place): routes.append(.included(place))
            case .variables(let names):
                for name in names where !used.contains(where: { $0.name == name }) {
                    used.append(variable(name, variables))
                }
            }
        }
        close()
        return layers
    }

    private func variable(_ name: String, _ variables: [String: Variables.Value]) -> Explanation.Variable {
        let value = variables[name]
        return Explanation.Variable(name, value: value?.text, source: value?.source)
    }

    /// A collection is best found by its key; the text of an alias stands at the anchor.
    private var start: SourcePosition {
        if node.isAlias { return node.textPosition }
        if let entry, !node.isScalar || node.isNull || inherited != nil { return entry.keyPosition }
        return node.position
    }

    /// Aliases and merge keys between the root and the value, the innermost first.
    private var ownRoutes: [Explanation.Route] {
        let aliases = nodes.filter(\.isAlias).map { Explanation.Route.alias($0.position) }
        return (mergeKeys + aliases).reversed()
    }

    /// An entry that stands before the mapping that holds it came through `<<`, unless another service brought it.
    private var mergeKeys: [Explanation.Route] {
        zip(zip(nodes, nodes.dropFirst()), keys).compactMap { pair, key in
            let (parent, child) = pair
            guard let entry = parent.entry(key), !parent.isAlias, !parent.isMoved, !child.isMoved,
                entry.keyPosition.file == parent.position.file, entry.keyPosition < parent.position
            else { return nil }
            return .mergeKey
        }
    }
}

extension YAMLNode {
    /// What an alias stands for is written before it; every other text begins where its value does, or later.
    fileprivate var isAlias: Bool { textPosition.file == position.file && textPosition < position }

    /// Another service or file brought it here.
    fileprivate var isMoved: Bool {
        trail.contains { derivation in
            switch derivation {
            case .overrides, .inherited, .included: true
            case .variables: false
            }
        }
    }
}
