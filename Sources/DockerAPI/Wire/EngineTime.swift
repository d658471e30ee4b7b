#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `2024-01-01T00:00:00.5Z` as `1704067200.5`; the fraction keeps all its digits.
///
/// `nil` when it is no time, and for the year 1, which is how an engine says "never".
package func epochSeconds(_ time: String) -> String? {
    let whole = time.prefix(19)
    let fraction = time.dropFirst(19).prefix { $0 == "." || $0.isNumber }
    let zone = time.dropFirst(19 + fraction.count)
    guard let date = try? Date(whole + zone, strategy: .iso8601), date.timeIntervalSince1970 > 0 else { return nil }
    return "\(Int64(date.timeIntervalSince1970))\(fraction)"
}
