/// The way from a file's root to a value, as a person writes it: `services.web.ports.0`.
///
/// A key with a dot in it stands in quotes of either kind: `services."a.b".image`.
package struct ValuePath: Hashable, Sendable, CustomStringConvertible {
    /// Why a text is no path.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    package private(set) var keys: [String]

    init(keys: [String]) { self.keys = keys }

    package init(_ text: String) throws(Fault) {
        keys = []
        var rest = text[...]
        repeat {
            keys.append(try Self.key(from: &rest))
        } while rest.popFirst() == "."
    }

    /// Takes one key from the front; what is left begins with a dot, or is empty.
    private static func key(from rest: inout Substring) throws(Fault) -> String {
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            let key = rest.prefix { $0 != "." }
            rest = rest[key.endIndex...]
            guard !key.isEmpty else { throw Fault(description: "a key is missing between two dots, or at an end") }
            return String(key)
        }
        let key = rest.dropFirst().prefix { $0 != quote }
        guard key.endIndex < rest.endIndex else { throw Fault(description: "the quote before '\(key)' is not closed") }
        rest = rest[key.endIndex...].dropFirst()
        guard rest.isEmpty || rest.first == "." else {
            throw Fault(description: "a dot is missing behind the quotes of '\(key)'")
        }
        return String(key)
    }

    func appending(_ key: String) -> ValuePath { ValuePath(keys: keys + [key]) }

    package var description: String { keys.map(Self.written).joined(separator: ".") }

    /// A key as it must stand in a path.
    static func written(_ key: String) -> String {
        guard key.isEmpty || key.contains(where: { $0 == "." || $0 == "\"" || $0 == "'" }) else { return key }
        return key.contains("\"") ? "'\(key)'" : "\"\(key)\""
    }
}
