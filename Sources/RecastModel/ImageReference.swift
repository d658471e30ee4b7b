/// `[registry[:port]/]name[:tag][@digest]`, as the distribution project's grammar reads it.
package struct ImageReference: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Registry and path, with `docker.io/library/` spelled out where it was implied.
    package let repository: String
    package let tag: String?
    /// `sha256:` and 64 hexadecimal digits.
    package let digest: String?
    /// What the person wrote.
    package let written: String

    /// `nil` when the text is not a reference.
    package init?(_ text: String) {
        let (head, digest) = Self.split(text, at: "@")
        if let digest, !Self.isDigest(digest) { return nil }
        let lastSlash = head.lastIndex(of: "/") ?? head.startIndex
        let colon = head[lastSlash...].lastIndex(of: ":")
        let name = colon.map { String(head[..<$0]) } ?? head
        let tag = colon.map { String(head[head.index(after: $0)...]) }
        guard Self.isRepository(name), tag.map(Self.isTag) ?? true else { return nil }
        self.repository = Self.normalised(name)
        self.tag = tag ?? (digest == nil ? "latest" : nil)
        self.digest = digest
        self.written = text
    }

    private init(repository: String, tag: String?, digest: String?, written: String) {
        self.repository = repository
        self.tag = tag
        self.digest = digest
        self.written = written
    }

    /// The same image, pinned.
    package func pinned(to digest: String) -> Self {
        Self(repository: repository, tag: tag, digest: digest, written: written)
    }

    /// What an engine takes: `repository[:tag][@digest]`.
    package var description: String {
        familiarRepository + (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "")
    }

    /// `repository@digest` when pinned, `repository:tag` otherwise.
    package var exact: String {
        digest.map { "\(familiarRepository)@\($0)" } ?? "\(familiarRepository):\(tag ?? "latest")"
    }

    /// What tells images apart: the digest whatever the tag, the whole reference while there is none.
    package var content: String { digest.map { "\(repository)@\($0)" } ?? description }

    /// `repository[:tag]`, for people.
    package var short: String { familiarRepository + (tag.map { ":" + $0 } ?? "") }

    /// The repository without what Docker Hub implies.
    package var familiarRepository: String {
        for prefix in ["docker.io/library/", "docker.io/"] where repository.hasPrefix(prefix) {
            return String(repository.dropFirst(prefix.count))
        }
        return repository
    }

    /// Host and port of the registry.
    package var registry: String { String(repository.prefix { $0 != "/" }) }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.description < rhs.description }
    package static func == (lhs: Self, rhs: Self) -> Bool {
        (lhs.repository, lhs.tag, lhs.digest) == (rhs.repository, rhs.tag, rhs.digest)
    }
    package func hash(into hasher: inout Hasher) {
        hasher.combine(repository)
        hasher.combine(tag)
        hasher.combine(digest)
    }
}

extension ImageReference {
    private static func split(_ text: String, at mark: Character) -> (String, String?) {
        guard let index = text.firstIndex(of: mark) else { return (text, nil) }
        return (String(text[..<index]), String(text[text.index(after: index)...]))
    }

    private static func isDigest(_ text: String) -> Bool {
        text.hasPrefix("sha256:") && text.count == 71
            && text.dropFirst(7).allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }

    private static func isTag(_ text: String) -> Bool {
        guard let first = text.first, text.count <= 128, first != ".", first != "-" else { return false }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
    }

    private static func isRepository(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard text.count <= 255, !parts.isEmpty else { return false }
        let hasRegistry = parts.count > 1 && isRegistry(parts[0])
        return (!hasRegistry || !parts[0].isEmpty)
            && parts.dropFirst(hasRegistry ? 1 : 0).allSatisfy(isPathComponent)
    }

    private static func isRegistry(_ part: Substring) -> Bool {
        part.contains(".") || part.contains(":") || part == "localhost"
    }

    private static func isPathComponent(_ part: Substring) -> Bool {
        guard let first = part.first, let last = part.last else { return false }
        let isWord: (Character) -> Bool = { $0.isASCII && ($0.isNumber || $0.isLowercase) }
        return isWord(first) && isWord(last) && part.allSatisfy { isWord($0) || "._-".contains($0) }
    }

    private static func normalised(_ name: String) -> String {
        let parts = name.split(separator: "/")
        if parts.count == 1 { return "docker.io/library/" + name }
        return isRegistry(parts[0]) ? name : "docker.io/" + name
    }
}
