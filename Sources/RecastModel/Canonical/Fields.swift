/// A container's definition as canonical text, one entry for each field that says something.
///
/// Paths use the manifest's vocabulary: `memory`, `environment.LOG_LEVEL`, `volumes./data`, `networks.prod-shop_default`.
/// A field that has its fixed default is absent, so that "not said" and "said the default" are one.
package struct Fields: Hashable, Sendable {
    package var values: [String: String] = [:]

    package init() {}

    package subscript(_ path: String) -> String? {
        get { values[path] }
        set { values[path] = newValue }
    }

    mutating func set(_ path: String, _ value: String?) { values[path] = value }
    mutating func set(_ path: String, _ value: Int64, unless ignored: Int64 = 0) {
        values[path] = value == ignored ? nil : String(value)
    }
    mutating func set(_ path: String, _ flag: Bool) { values[path] = flag ? "true" : nil }
    mutating func set(_ path: String, text: String) { values[path] = text.isEmpty ? nil : text }
    mutating func set(_ path: String, list: [String]) { values[path] = list.isEmpty ? nil : CanonicalText.list(list) }
    mutating func set(_ path: String, set members: some Sequence<String>) {
        set(path, list: Set(members).sorted())
    }
    mutating func set(_ prefix: String, map: [String: String]) {
        for (key, value) in map { values[prefix + "." + key] = value }
    }

    /// The text that gets hashed: `path=value` lines, sorted, with line feeds escaped.
    package var canonicalText: String {
        values.map { "\($0.key)=\(CanonicalText.quoted($0.value))" }.sorted().joined(separator: "\n")
    }
}

/// Marks an environment variable that the manifest takes away from the image.
package let removedVariable = "\u{0}removed"
