/// A file, or a folder with all that is in it, that stands in a container before it starts.
package struct DeliveredFile: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case secret, config
        /// A read-only bind of a path beside the manifest.
        case bind
    }

    /// One entry of the tree; modes are the lower twelve bits, as chmod(2) takes them.
    package enum Entry: Hashable, Sendable {
        case file(FileContent, mode: UInt16)
        case folder(mode: UInt16)
        case symbolicLink(to: String)
    }

    package let kind: Kind
    /// As the manifest calls it, such as `DB_PASSWORD` or `./conf.d`.
    package let name: String
    /// Absolute path in the container.
    package let target: String
    /// Numbers, as the container sees them.
    package let user: UInt32
    package let group: UInt32
    /// By their path below the target: `""` is the target itself, `a/b` is below it.
    ///
    /// Folders in between may be left out; then they are root's, with mode 0755.
    package let entries: [String: Entry]

    package init(
        _ kind: Kind, _ name: String, at target: String, entries: [String: Entry], user: UInt32 = 0, group: UInt32 = 0
    ) {
        self.kind = kind
        self.name = name
        self.target = target
        self.user = user
        self.group = group
        self.entries = entries
    }

    /// One file.
    package init(
        _ kind: Kind, _ name: String, at target: String, content: FileContent, mode: UInt16, user: UInt32 = 0,
        group: UInt32 = 0
    ) {
        self.init(kind, name, at: target, entries: ["": .file(content, mode: mode)], user: user, group: group)
    }

    /// What messages call it, such as `secret DB_PASSWORD`; always one line.
    package var title: String {
        let line = name.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7f ? "?" : Character($0) }
        return "\(kind.rawValue) \(String(line))"
    }
}
