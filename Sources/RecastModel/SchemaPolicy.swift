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

    /// What `recorded` says of a running program: `NAME 42-44`.
    package init?(recorded text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 2, let works = Self.versions(words[1]) else { return nil }
        self.init(name: words[0], works: works)
    }

    /// What it says of the program alone; `nil`: nothing.
    package var program: Self? { works.map { Self(name: name, works: $0) } }

    /// `nil` for a program that works with any version.
    package var recorded: String? { works.map { "\(name) \(Self.text($0))" } }

    /// A version, `42-44`, or `42-` for those from there on.
    package static func versions(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let first = Int(parts[0])
        else {
            return nil
        }
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

extension Observed {
    /// The versions of the databases by the name of their schema, as the newest releases recorded them.
    package var schemas: [String: Int] {
        hosts.values.compactMap { $0.state?.latestRelease }.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
            .reduce(into: [:]) { $0.merge($1.schemas) { $1 } }
    }
}
