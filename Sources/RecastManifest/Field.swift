import RecastModel
import RecastYAML

/// One value of a merged manifest, with its key and its way from the root.
struct Field {
    let node: YAMLNode
    let keyPlace: Place
    let path: TreePath

    init(_ node: YAMLNode, keyPlace: Place? = nil, at path: TreePath) {
        self.node = node
        self.keyPlace = keyPlace ?? node.place
        self.path = path
    }

    /// A key that is there and says something.
    subscript(_ key: String) -> Field? {
        guard let entry = node.entry(key), !entry.value.isNull else { return nil }
        return Field(entry.value, keyPlace: entry.keyPlace, at: path.appending(key))
    }

    func at(_ keys: String...) -> Field? {
        keys.reduce(Optional(self)) { $0?[$1] }
    }

    /// The entries of a mapping, empty ones too, in the order of the file.
    var entries: [Field] {
        (node.entries ?? []).map { Field($0.value, keyPlace: $0.keyPlace, at: path.appending($0.key)) }
    }

    var items: [YAMLNode] { node.items ?? [] }

    /// The last word of the path.
    var key: String { path.keys.last ?? "" }
    var place: Place { node.place }
}

/// A value and where it was written.
struct Located<Value> {
    let value: Value
    let place: Place

    init(_ value: Value, at place: Place) {
        self.value = value
        self.place = place
    }
}

extension Located: Equatable where Value: Equatable {}
extension Located: Hashable where Value: Hashable {}
extension Located: Sendable where Value: Sendable {}
