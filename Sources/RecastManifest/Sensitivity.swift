/// Which values must never be shown: the one place that decides by name or by form.
enum Sensitivity {
    private static let words = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "API_KEY", "APIKEY",
        "ACCESS_KEY", "ACCESSKEY", "ENCRYPTION_KEY", "SIGNING_KEY",
    ]
    /// Short words count only when they stand alone between underscores: `AUTH` but not `AUTHOR`.
    private static let wholeWords: Set<Substring> = ["AUTH", "PASS", "PWD", "PW", "DSN"]

    /// Whether a variable's name says that its value is secret.
    static func isSensitiveName(_ name: String) -> Bool {
        let upper = name.uppercased()
        return words.contains { upper.contains($0) }
            || upper.split { !$0.isLetter }.contains { wholeWords.contains($0) }
    }

    /// Whether a value embeds a password in a URL: `scheme://user:password@host`.
    static func embedsPassword(_ value: String) -> Bool {
        var rest = value[...]
        while let mark = rest.firstRange(of: "://") {
            let authority = rest[mark.upperBound...].prefix { !"/?#\"' ".contains($0) }
            if let at = authority.lastIndex(of: "@"), let colon = authority[..<at].firstIndex(of: ":"),
                authority.index(after: colon) < at
            {
                return true
            }
            rest = rest[mark.upperBound...]
        }
        return false
    }
}
