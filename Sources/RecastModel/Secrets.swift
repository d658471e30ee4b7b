/// What stands in place of a value that must not be shown.
package let maskedValue = "********"

/// Tells values that must not be shown from those that may be.
package enum Sensitivity {
    private static let words = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "API_KEY", "APIKEY",
        "ACCESS_KEY", "AUTH_KEY", "SIGNING_KEY", "ENCRYPTION_KEY",
    ]

    /// Whether a variable's name says that its value is a secret.
    package static func isSensitive(name: String) -> Bool {
        let upper = name.uppercased()
        return words.contains { upper.contains($0) }
    }

    /// Whether a value carries a password in a URL, anywhere: `scheme://user:password@host`.
    package static func isSensitive(value: String) -> Bool {
        var rest = Substring(value)
        while let start = authority(in: rest) {
            let authority = rest[start...].prefix { !"/?# \"'".contains($0) }
            if let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") { return true }
            rest = rest[authority.endIndex...]
        }
        return false
    }

    /// Where the part behind the next `://` begins.
    private static func authority(in text: Substring) -> Substring.Index? {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index...].hasPrefix("://") { return text.index(index, offsetBy: 3) }
            index = text.index(after: index)
        }
        return nil
    }
}
