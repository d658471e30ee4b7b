import RecastYAML

/// What may stand at one place of a file, how the values of two files become one, and the canonical form of it.
indirect enum Shape: Sendable {
    /// One value. An override replaces it; an empty one keeps it.
    case scalar(Scalar)
    /// A command: text or a list of words, replaced whole by an override, even by nothing.
    case words(Words)
    case list(List)
    /// A mapping, or a list of `KEY=VALUE`; merged by key.
    case pairs(Pairs)
    /// A mapping, or a list of `host=address`; appended, as one host may have several addresses.
    case hosts
    /// A list of names, or a mapping from names to objects; merged by name.
    case names(Object, listed: [String: YAMLNode.Content])
    /// Keys chosen by the person; merged by key.
    case map(Shape, Keys)
    /// A closed set of keys; merged by key.
    case object(Object)
    /// A value or an object; an override replaces it.
    case scalarOr(Scalar, Object)
    /// A text that stands for an object with only that key, or the object; merged by key.
    case textOr(String, Object)
    /// Accepted as it is, without a look inside.
    case anything

    static let scalar = Shape.scalar(.any)
    static let text = Shape.scalar(.text)
    static let bool = Shape.scalar(.bool)
    static let duration = Shape.scalar(.duration)

    static func oneOrMany(of object: Object?) -> Shape {
        .list(List(object.map { .scalarOr(.any, $0) } ?? .scalar, mayBeSingle: true))
    }

    /// A list of strings of which an override repeats none; two equal ones in the result are a mistake.
    static func texts(_ identity: Identity? = nil, single: Bool = false) -> Shape {
        .list(List(.text, mayBeSingle: single, identity: identity))
    }
}

/// How a command is written and what text in it means.
enum Words: Sendable {
    /// Text is split into words, without a shell.
    case command
    /// Text is for a shell.
    case test
}

struct List: Sendable {
    let item: Shape
    /// One value is a list of one.
    var mayBeSingle = false
    /// What makes two items one: the later takes the place of the earlier.
    var identity: Identity?
    /// Short texts among the items stand for objects.
    var short: ShortForm?
    /// Equal items that nothing has made one are a mistake.
    var isDistinct = true
    /// An empty text, as an unset variable gives, is no item.
    var dropsEmpty = false

    init(
        _ item: Shape, mayBeSingle: Bool = false, identity: Identity? = nil, short: ShortForm? = nil,
        isDistinct: Bool = true, dropsEmpty: Bool = false
    ) {
        self.item = item
        self.mayBeSingle = mayBeSingle
        self.identity = identity
        self.short = short
        self.isDistinct = isDistinct
        self.dropsEmpty = dropsEmpty
    }
}

/// What tells the items of a list apart.
enum Identity: Sendable {
    /// The text before the `=`.
    case key
    case wholeText
    case port
    /// The path in the container, of a volume or a device.
    case target
    /// The path in the container, which follows from the source if none is given.
    case file(directory: String)
    case path
    /// The address range of an address pool.
    case subnet
}

/// Texts that stand for an object, each with a grammar of its own.
enum ShortForm: Sendable {
    case port, mount, device, envFile, file, devices, include
}

struct Pairs: Sendable {
    /// A list of `KEY=VALUE` is a way to write it; otherwise no value is a boolean.
    var mayBeListed = true
    /// Nothing is the empty text; otherwise it is kept, for another source to fill in.
    var emptiesNulls = true
    /// Only text, or also numbers and booleans.
    var onlyText = false
    var mayHoldNulls = true
}

/// The keys that a person may choose.
struct Keys: Sendable {
    var allowed: Allowed = .any
    /// A key may stand without a value.
    var mayBeEmpty = false

    enum Allowed: Sendable {
        case any
        /// Letters, digits, `.`, `-` and `_`.
        case names
        case lowercaseLetters
    }
}
