/// An unsigned decimal number, kept in digits so that no unit rounds it.
struct Decimal {
    private let whole: UInt64
    /// The first 18 digits behind the point.
    private let fraction: UInt64
    private let fractionScale: UInt64
    private let hasMoreDigits: Bool

    /// `12`, `1.5`, `.5` or `1.`; `nil` for anything else, and beyond 64 bits.
    init?(_ scalars: ArraySlice<Unicode.Scalar>) {
        let parts = scalars.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let wholeDigits = parts.first.flatMap(Self.digits) else { return nil }
        guard let fractionDigits = parts.count > 1 ? Self.digits(parts[1]) : "" else { return nil }
        guard !(wholeDigits + fractionDigits).isEmpty, let whole = UInt64("0" + wholeDigits) else { return nil }
        let kept = fractionDigits.prefix(18)
        self.whole = whole
        fraction = UInt64("0" + kept) ?? 0
        fractionScale = kept.reduce(1) { scale, _ in scale * 10 }
        hasMoreDigits = fractionDigits.dropFirst(18).contains { $0 != "0" }
    }

    private static func digits(_ scalars: ArraySlice<Unicode.Scalar>) -> String? {
        scalars.allSatisfy(\.isASCIIDigit) ? scalars.text : nil
    }

    /// The number of units, cut to a whole one; `nil` beyond Int64.
    func times(_ unit: UInt64) -> (count: Int64, isExact: Bool)? {
        let part = UInt128(fraction) * UInt128(unit)
        let total = UInt128(whole) * UInt128(unit) + part / UInt128(fractionScale)
        guard let count = Int64(exactly: total) else { return nil }
        return (count, part % UInt128(fractionScale) == 0 && !hasMoreDigits)
    }
}
