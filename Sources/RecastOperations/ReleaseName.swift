#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Names of applies.
enum ReleaseName {
    /// When it began by this machine's clock, and enough chance that no two are alike: `20260131T174502Z-1f3a9c`.
    static func next() -> String {
        let digits = String(Date.now.formatted(.iso8601).filter { !"-:".contains($0) })
        return "\(digits)-" + String(UInt32.random(in: 0x10_0000...0xff_ffff), radix: 16)
    }
}
