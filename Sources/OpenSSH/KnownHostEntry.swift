/// A line of a known-hosts file that speaks of a host.
package struct KnownHostEntry: Hashable, Sendable {
    package enum Marker: Hashable, Sendable {
        case none
        case revoked
        case certificateAuthority
    }
    package let file: String
    /// Counted from one.
    package let line: Int
    package let marker: Marker
    package let key: HostKey
}

extension KnownHostEntry {
    /// Reads what `ssh-keygen -F` prints: a comment with the line's number, then the line itself.
    ///
    /// Lines that are malformed are left out, as OpenSSH does.
    static func entries(in answer: String, of file: String) -> [KnownHostEntry] {
        var entries: [KnownHostEntry] = []
        var number: Int?
        for line in answer.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }) {
            if line.hasPrefix("#") {
                number = lineNumber(in: line)
            } else if let found = number, let entry = KnownHostEntry(line, number: found, file: file) {
                entries.append(entry)
            }
        }
        return entries
    }

    /// Reads one line: an optional marker, the names, the type, the key, and perhaps a comment.
    private init?(_ line: Substring, number: Int, file: String) {
        var fields = line.split(maxSplits: 4, whereSeparator: \.isWhitespace)[...]
        var marker = Marker.none
        if let word = fields.first, word.hasPrefix("@") {
            fields = fields.dropFirst()
            switch word {
            case "@revoked": marker = .revoked
            case "@cert-authority": marker = .certificateAuthority
            default: return nil
            }
        }
        fields = fields.dropFirst()
        guard let type = fields.popFirst(), let text = fields.first, let key = HostKey(base64: text), key.type == type
        else { return nil }
        self.init(file: file, line: number, marker: marker, key: key)
    }

    private static func lineNumber(in comment: Substring) -> Int? {
        let words = comment.split(separator: " ")
        guard let place = words.lastIndex(of: "line"), place + 1 < words.count else { return nil }
        return Int(words[place + 1])
    }
}
