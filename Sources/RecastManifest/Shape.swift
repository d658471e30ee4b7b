/// What may stand at one place of a compose file, and how the values of two files become one.
indirect enum Shape: Sendable {
    /// One value. An override replaces it; an empty one keeps it.
    case scalar
    /// A value of any form that an override replaces whole, even by nothing.
    case whole
    /// Appended. A mapping among the items has the keys of the object.
    case list(of: Object?)
    /// One value or a list of them; appended.
    case oneOrMany(of: Object?)
    /// A mapping, or a list of `KEY=VALUE`; merged by key.
    case pairs
    /// A mapping, or a list of `host=address`; appended, as one host may have several addresses.
    case hosts
    /// A list of names, or a mapping from names to objects; merged by name.
    case names(Object, listed: [String: String])
    /// Keys chosen by the person; merged by key.
    case map(Shape)
    /// A closed set of keys; merged by key. `nil` is allowed and means no keys.
    case object(Object)
    /// A scalar or an object; an override replaces it.
    case scalarOr(Object)
    /// Objects that an override merges by the value of one key.
    case keyed(Object, by: String)
    /// Accepted as it is, without a look inside.
    case anything
    /// A word of the vocabulary that Recast does not act on yet, with what to do instead.
    case unsupported(String?)
}

/// A closed set of keys.
struct Object: Sendable {
    let fields: [String: Shape]
    /// Words that people write here, and what they should write.
    var hints: [String: String] = [:]
    /// `x-…` may stand here.
    var extensible = true
    /// An override whose value of this key differs replaces the whole object.
    var exclusive: String?

    init(
        _ fields: [String: Shape], hints: [String: String] = [:], extensible: Bool = true, exclusive: String? = nil
    ) {
        self.fields = fields
        self.hints = hints
        self.extensible = extensible
        self.exclusive = exclusive
    }

    static func of(
        scalars: [String], _ others: [String: Shape] = [:], unsupported: [String] = [],
        hints: [String: String] = [:], exclusive: String? = nil
    ) -> Object {
        var fields = others
        for key in scalars { fields[key] = .scalar }
        for key in unsupported { fields[key] = .unsupported(nil) }
        return Object(fields, hints: hints, exclusive: exclusive)
    }
}

extension Shape {
    /// What a message calls a value of this shape.
    var expectation: String {
        switch self {
        case .scalar: "a single value"
        case .whole, .anything, .unsupported: "a value"
        case .list: "a list"
        case .oneOrMany: "a value or a list"
        case .pairs: "a mapping or a list of KEY=VALUE"
        case .hosts: "a mapping or a list of host=address"
        case .names: "a list of names or a mapping"
        case .map, .object: "a mapping"
        case .scalarOr: "a value or a mapping"
        case .keyed: "a list of mappings"
        }
    }
}
