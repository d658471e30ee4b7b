/// A closed set of keys.
struct Object: Sendable {
    let fields: [String: Key]
    /// Words that people write here, and what they should write.
    var hints: [String: String] = [:]
    /// Keys without which the object, once every file has been merged, means nothing.
    var required: [String] = []
    /// `x-…` may stand here.
    var extensible = true
    /// An override whose value of this key differs replaces the whole object.
    var exclusive: String?

    init(
        _ fields: [String: Key], hints: [String: String] = [:], required: [String] = [], extensible: Bool = true,
        exclusive: String? = nil
    ) {
        self.fields = fields
        self.hints = hints
        self.required = required
        self.extensible = extensible
        self.exclusive = exclusive
    }

    /// Every key does what compose-spec says of it.
    init(
        honoured fields: [String: Shape], also others: [String: Key] = [:], hints: [String: String] = [:],
        required: [String] = [], extensible: Bool = true, exclusive: String? = nil
    ) {
        self.init(
            fields.mapValues { .honoured($0) }.merging(others) { $1 }, hints: hints, required: required,
            extensible: extensible, exclusive: exclusive)
    }

    static func of(
        scalars: [String], _ others: [String: Shape] = [:], hints: [String: String] = [:]
    ) -> Object {
        var fields = others
        for key in scalars { fields[key] = .scalar }
        return Object(honoured: fields, hints: hints)
    }

    subscript(key: String) -> Shape? { fields[key]?.shape }
}

/// One word of the vocabulary.
struct Key: Sendable {
    let shape: Shape
    let support: Support

    static func honoured(_ shape: Shape) -> Key { Key(shape: shape, support: .honoured) }

    /// Acted on in another way than Docker Compose does: `how` says which.
    static func differs(_ shape: Shape, _ how: String) -> Key { Key(shape: shape, support: .differs(how)) }

    /// Read and without effect: `why`.
    static func ignored(_ shape: Shape, _ why: String) -> Key { Key(shape: shape, support: .ignored(why)) }

    /// An error in a deployment: `why`, and the way out.
    static func refused(_ shape: Shape, _ why: String, help: String) -> Key {
        Key(shape: shape, support: .refused(why, help: help))
    }
}

/// What Recast does with a key.
enum Support: Sendable, Hashable {
    case honoured
    case differs(String)
    case ignored(String)
    case refused(String, help: String)
}
