/// A JSON value.
///
/// Looking into one never fails: what is not there is `null`.
package enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    /// - Throws: when the bytes are not JSON.
    package init(parsing bytes: some Collection<UInt8>) throws {
        self = try JSONParser.value(of: bytes)
    }

    package subscript(_ key: String) -> JSON {
        get { object[key] ?? .null }
        set {
            var members = object
            members[key] = newValue
            self = .object(members)
        }
    }

    package subscript(_ index: Int) -> JSON { array.indices.contains(index) ? array[index] : .null }

    package var isNull: Bool { self == .null }
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    package var int: Int64? { if case .int(let value) = self { value } else { nil } }
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    /// Empty for what is no array.
    package var array: [JSON] { if case .array(let value) = self { value } else { [] } }
    /// Empty for what is no object.
    package var object: [String: JSON] { if case .object(let value) = self { value } else { [:] } }
    package var strings: [String] { array.compactMap(\.string) }
    package var stringMap: [String: String] { object.compactMapValues(\.string) }

    /// What Go calls a zero value.
    package var isZero: Bool {
        switch self {
        case .null, .bool(false), .int(0), .string(""), .array([]): true
        case .object(let members): members.isEmpty
        default: false
        }
    }

    package static func strings(_ texts: some Sequence<String>) -> JSON { .array(texts.map { .string($0) }) }
    package static func map(_ texts: [String: String]) -> JSON { .object(texts.mapValues { .string($0) }) }
    /// `{"a": {}, "b": {}}`: the API's way to write a set.
    package static func set(_ members: some Sequence<String>) -> JSON {
        .object(Dictionary(members.map { ($0, .object([:])) }) { first, _ in first })
    }
}

extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(stringLiteral value: String) { self = .string(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}
