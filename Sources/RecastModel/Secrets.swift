/// What stands in place of a value that must not be shown.
package let maskedValue = "********"

/// Tells values that must not be shown from those that may be.
package enum Sensitivity {
    private static let words = [
        "PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "CREDENTIAL", "PRIVATE", "API_KEY", "APIKEY",
        "ACCESS_KEY", "AUTH", "SIGNING_KEY", "ENCRYPTION_KEY",
    ]

    /// Whether a variable's name says that its value is a secret.
    package static func isSensitive(name: String) -> Bool {
        let upper = name.uppercased()
        return words.contains { upper.contains($0) }
    }

    /// Whether a value carries a password in a URL: `scheme://user:password@host`.
    package static func isSensitive(value: String) -> Bool {
        let parts = value.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0].hasSuffix(":"), parts[1].isEmpty,
            let at = parts[2].lastIndex(of: "@")
        else { return false }
        return parts[2][..<at].contains(":")
    }
}
