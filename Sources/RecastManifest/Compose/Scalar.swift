/// What a single value may be, and the canonical form it gets.
///
/// Most numbers and booleans may also be written as text, since that is what a variable gives.
enum Scalar: Sendable, Hashable {
    /// Typed by its reader.
    case any
    case text
    /// Text; nothing is a value of its own.
    case textOrNull
    /// Text, a number or a boolean, printed as text.
    case printed
    /// A whole number or text, printed as text.
    case numberOrText
    case bool
    /// A boolean that no text may stand for.
    case plainBool
    case integer(ClosedRange<Int64>)
    /// A whole number that no text may stand for.
    case plainInteger
    case number
    /// A whole number that a fraction is cut down to.
    case truncated
    /// A number that no text may stand for.
    case plainNumber
    case cpus
    /// `numbers`: a number without quotes may stand for bytes.
    case bytes(numbers: Bool, mayBeUnlimited: Bool = true)
    case duration
    /// Permission bits: a number as YAML reads it, or text in octal.
    case fileMode
    /// Permission bits as a number.
    case modeNumber
    /// `all`, or how many.
    case deviceCount
    case choice([String])
    case containerName
    case pullPolicy
    /// How many, or how many of a hundred.
    case parallelism

    static let integer = Scalar.integer(Int64.min...Int64.max)
    static let count = Scalar.integer(0...Int64.max)

    /// What a message calls such a value.
    var expectation: String {
        switch self {
        case .any, .printed: "a single value"
        case .text, .textOrNull, .containerName, .pullPolicy: "a string"
        case .numberOrText: "a string or a number"
        case .bool, .plainBool: "true or false"
        case .integer, .plainInteger, .truncated: "a whole number"
        case .number, .plainNumber, .cpus: "a number"
        case .bytes(let numbers, _): numbers ? "a number of bytes or text like 512m" : "text like 512m"
        case .duration: "a duration, like 10s"
        case .fileMode, .modeNumber: "permissions, like 0440"
        case .deviceCount: "a number or `all`"
        case .parallelism: "a number or a percentage, like 25%"
        case .choice(let words): "one of " + words.joined(separator: ", ")
        }
    }
}
