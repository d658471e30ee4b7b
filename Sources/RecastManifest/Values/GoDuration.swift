/// A length of time as compose files write it: `1m30s`, `1.5h`, `2d`.
///
/// Never negative.
package struct GoDuration: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package var duration: Duration { .nanoseconds(nanoseconds) }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.nanoseconds < rhs.nanoseconds }

    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000, "d": 86_400_000_000_000, "w": 604_800_000_000_000,
    ]

    package init(_ text: String) throws(GrammarError) {
        let scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { throw GrammarError("a duration is missing", at: 0, help: "write 10s") }
        guard scalars[0] != "-" else { throw GrammarError("a duration cannot be negative", at: 0) }
        let start = scalars[0] == "+" ? 1 : 0
        guard scalars[start...] != ["0"] else {
            nanoseconds = 0
            return
        }
        var total: Int64 = 0
        var index = start
        repeat {
            let (part, end) = try Self.part(of: scalars, from: index)
            let (sum, overflows) = total.addingReportingOverflow(part)
            guard !overflows else { throw Self.tooLong(index..<end) }
            (total, index) = (sum, end)
        } while index < scalars.count
        nanoseconds = total
    }

    /// A number and its unit.
    private static func part(
        of scalars: [Unicode.Scalar], from start: Int
    ) throws(GrammarError) -> (nanoseconds: Int64, end: Int) {
        let unitStart = scalars[start...].firstIndex { !$0.isInNumber } ?? scalars.count
        let end = scalars[unitStart...].firstIndex { $0.isInNumber } ?? scalars.count
        let number = scalars[start..<unitStart].text
        let unit = scalars[unitStart..<end].text
        guard unitStart > start else {
            throw GrammarError(
                "'\(unit)' is no duration", over: unitStart..<end, help: "write a number and a unit, such as 10s")
        }
        guard let decimal = Decimal(scalars[start..<unitStart]) else {
            throw GrammarError("'\(number)' is no number", over: start..<unitStart)
        }
        guard unitStart < end else {
            throw GrammarError("'\(number)' has no unit", over: start..<unitStart, help: "write \(number)s")
        }
        guard let factor = units[unit] else {
            throw GrammarError(
                "'\(unit)' is no unit of time", over: unitStart..<end,
                help: "use ns, us, ms, s, m, h, d or w, without spaces")
        }
        guard let nanoseconds = decimal.times(factor)?.count else { throw tooLong(start..<end) }
        return (nanoseconds, end)
    }

    private static func tooLong(_ range: Range<Int>) -> GrammarError {
        GrammarError("the duration is too long", over: range, help: "the longest is about 292 years")
    }

    /// Go's way: `1h5m30.02s`, `1.5ms`, `0s`.
    package var description: String {
        let magnitude = nanoseconds.magnitude
        let sign = nanoseconds < 0 ? "-" : ""
        switch magnitude {
        case 0: return "0s"
        case ..<1_000: return "\(sign)\(magnitude)ns"
        case ..<1_000_000: return sign + Self.fraction(magnitude, of: 1_000) + "µs"
        case ..<1_000_000_000: return sign + Self.fraction(magnitude, of: 1_000_000) + "ms"
        default: break
        }
        let (minutes, rest) = magnitude.quotientAndRemainder(dividingBy: 60_000_000_000)
        let seconds = Self.fraction(rest, of: 1_000_000_000) + "s"
        guard minutes > 0 else { return sign + seconds }
        guard minutes >= 60 else { return "\(sign)\(minutes)m\(seconds)" }
        return "\(sign)\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    private static func fraction(_ value: UInt64, of unit: UInt64) -> String {
        let (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        guard rest > 0 else { return String(whole) }
        var digits = String(String(unit + rest).dropFirst())
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}

extension Unicode.Scalar {
    fileprivate var isInNumber: Bool { isASCIIDigit || self == "." }
}
