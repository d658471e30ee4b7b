#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Times of day for people.
package enum TimeText {
    /// Now, in UTC: `12:15:24Z`.
    package static func now() -> String {
        let text = Date.now.formatted(Date.ISO8601FormatStyle())
        return text.split(separator: "T").last.map(String.init) ?? text
    }
}
