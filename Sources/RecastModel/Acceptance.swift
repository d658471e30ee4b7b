/// A danger to data that a person goes on with, named by what it is about.
package struct Acceptance: Hashable, Sendable, Comparable, CustomStringConvertible {
    package enum Kind: String, CaseIterable, Sendable {
        /// A volume begins empty here, although another host has one of that name.
        case newVolume = "new-volume"
        /// A service goes on with the data that this host has, although it writes to another host's now.
        case otherVolume = "other-volume"
        /// A service no longer mounts a volume, and begins with something else in its place.
        case leaveVolume = "leave-volume"
        /// A service's data is opened by another major version of its program.
        case newVersion = "new-version"
        /// A database is at another version than the releases recorded.
        case schema
    }

    package let kind: Kind
    /// The name of a volume on the engine, of a service, or of a schema.
    package let name: String

    package init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// `KIND:NAME`; `nil` for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let kind = Kind(rawValue: parts[0]), !parts[1].isEmpty else { return nil }
        self.init(kind, parts[1])
    }

    package var description: String { "\(kind.rawValue):\(name)" }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.description < rhs.description }
}
