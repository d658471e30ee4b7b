/// What stands in place of a value that must not be shown.
package let maskedValue = "********"

/// Tells values that must not be shown from those that may be.
package enum Sensitivity {
    private static let words: [[UInt8]] = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "API_KEY", "APIKEY",
        "ACCESS_KEY", "AUTH_KEY", "SIGNING_KEY", "ENCRYPTION_KEY", "JWT", "CREDS", "PGPASS", "BASIC_AUTH",
    ].map { Array($0.utf8) }

    /// Words that mean a secret only by themselves or at a name's end, as in `DB_PWD`, `SMTP_PASS` and `DBPWD`.
    private static let wholeWords: Set<String> = ["PWD", "PASS", "PW"]
    /// The shell's names for folders.
    private static let folders: Set<String> = ["PWD", "OLDPWD"]

    /// Whether a variable's name says that its value is a secret.
    package static func isSensitive(name: String) -> Bool {
        let text = name.uppercased()
        guard !folders.contains(text) else { return false }
        let parts = text.split { !$0.isLetter && !$0.isNumber }
        if text.hasSuffix("PWD") || parts.contains(where: { wholeWords.contains(String($0)) }) { return true }
        // Byte by byte: this runs for every variable, and searching strings for strings is slow.
        let upper = Array(text.utf8)
        return upper.indices.contains { start in words.contains { upper[start...].starts(with: $0) } }
    }

    /// Whether a value carries a password in a URL, anywhere: `scheme://user:password@host`.
    package static func isSensitive(value: String) -> Bool {
        var text = Array(value.utf8)[...]
        while let slash = text.firstIndex(of: UInt8(ascii: "/")) {
            let isAuthority = text[..<slash].last == UInt8(ascii: ":") && text[slash...].starts(with: "//".utf8)
            text = text[(slash + 1)...]
            if isAuthority, holdsPassword(text.dropFirst().prefix { !delimiters.contains($0) }) { return true }
        }
        return false
    }

    private static let delimiters = Set("/?# \"'".utf8)

    private static func holdsPassword(_ authority: ArraySlice<UInt8>) -> Bool {
        guard let at = authority.lastIndex(of: UInt8(ascii: "@")) else { return false }
        return authority[..<at].contains(UInt8(ascii: ":"))
    }
}
