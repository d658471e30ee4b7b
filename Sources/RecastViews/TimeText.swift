#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Times for people.
package enum TimeText {
    /// Now, in UTC: `12:15:24Z`.
    package static func now() -> String {
        let text = Date.now.formatted(Date.ISO8601FormatStyle())
        return text.split(separator: "T").last.map(String.init) ?? text
    }

    /// Now, as ISO 8601 in UTC.
    package static func moment() -> String { Date.now.formatted(Date.ISO8601FormatStyle()) }

    /// A moment in UTC: `2026-01-31 12:15:24Z`.
    ///
    /// `seconds`: of the Unix epoch.
    static func date(_ seconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(Date.ISO8601FormatStyle())
            .replacing("T", with: " ", maxReplacements: 1)
    }

    /// What a person wrote down: `30 s`, `1.5 s`, `500 ms`.
    static func exact(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? "\(seconds) s" : FieldText.duration(nanoseconds + attoseconds / 1_000_000_000)
    }

    /// What has gone by, in whole seconds: `12 s`, `2 min 5 s`.
    static func elapsed(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        return seconds < 60 ? "\(seconds) s" : "\(seconds / 60) min \(seconds % 60) s"
    }
}
