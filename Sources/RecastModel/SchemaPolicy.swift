/// What a service has to do with the schema of a database: `x-recast.schema`.
package struct SchemaPolicy: Hashable, Sendable {
    /// Tells several databases of an application apart.
    package let name: String
    /// The versions that its program works with; `nil`: any.
    package var works: ClosedRange<Int>?
    /// The version that the database has once the service has started, or a task has ended; `nil`: it changes none.
    package var head: Int?

    package init(name: String = "main", works: ClosedRange<Int>? = nil, head: Int? = nil) {
        self.name = name
        self.works = works
        self.head = head
    }

    /// What `recorded` says: `NAME 42-44`, `NAME 42-44 44`, or `NAME - 44`.
    package init?(recorded text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard (2...3).contains(words.count) else { return nil }
        let (works, head) = (Self.versions(words[1]), words.count == 3 ? Int(words[2]) : nil)
        guard works != nil || words[1] == "-", (head != nil) == (words.count == 3), works != nil || head != nil else {
            return nil
        }
        self.init(name: words[0], works: works, head: head)
    }

    /// What it says of the program alone; `nil`: nothing.
    package var program: Self? { works.map { Self(name: name, works: $0) } }

    /// `nil` when it says nothing of versions.
    package var recorded: String? {
        guard works != nil || head != nil else { return nil }
        return "\(name) \(works.map(Self.text) ?? "-")" + (head.map { " \($0)" } ?? "")
    }

    /// A version, `42-44`, or `42-` for those from there on.
    package static func versions(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        // `0044` is 36 to YAML, and 44 to whoever wrote it.
        let isPlain = parts.allSatisfy { part in
            part.allSatisfy { $0.isASCII && $0.isNumber } && (part == "0" || part.first != "0")
        }
        guard parts.count <= 2, isPlain, let first = Int(parts[0]) else { return nil }
        let last = parts.count == 1 ? first : parts[1].isEmpty ? Int.max : Int(parts[1]) ?? -1
        return first <= last ? first...last : nil
    }

    /// The same as a person writes it.
    package static func text(_ versions: ClosedRange<Int>) -> String {
        if versions.count == 1 { return "\(versions.lowerBound)" }
        return "\(versions.lowerBound)-" + (versions.upperBound == .max ? "" : "\(versions.upperBound)")
    }
}

/// A service whose running program does not work with what a database will be, and so cannot come back.
package struct Stranding: Hashable, Sendable {
    package let service: ServiceName
    package let schema: String
    package let works: ClosedRange<Int>
    package let version: Int

    package init(service: ServiceName, schema: String, works: ClosedRange<Int>, version: Int) {
        self.service = service
        self.schema = schema
        self.works = works
        self.version = version
    }
}

/// What is known of a database's version.
package struct SchemaMark: Hashable, Sendable {
    /// `nil`: a person said that it is another than recorded, and nothing has brought it anywhere since.
    package let version: Int?
    /// The number of the release that said so.
    package let release: Int

    package init(version: Int?, release: Int) {
        self.version = version
        self.release = release
    }

    /// `nil` for anything but what `text` gives.
    package init?(text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, let release = Int(words[1]), words[0] == "-" || Int(words[0]) != nil else { return nil }
        self.init(version: Int(words[0]), release: release)
    }

    package var text: String { "\(version.map(String.init) ?? "-") \(release)" }

    /// What a later release said holds; of two that say so at once, the higher version.
    package static func later(_ one: Self, _ other: Self) -> Self {
        (one.release, one.version ?? -1) < (other.release, other.version ?? -1) ? other : one
    }
}

extension Observed {
    /// What is known of the databases, by the name of the schema, from the newest record of every host.
    package var schemas: [String: SchemaMark] {
        hosts.values.compactMap { $0.state?.latestRelease }
            .reduce(into: [:]) { $0.merge($1.schemas, uniquingKeysWith: SchemaMark.later) }
    }
}
