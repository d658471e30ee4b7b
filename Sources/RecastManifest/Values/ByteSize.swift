/// An amount of memory as compose files write it: `512m`, `1.5 GiB`, `1024`.
///
/// Units are powers of 1024.
package struct ByteSize: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// -1: without limit, where the key allows it.
    package let bytes: Int64

    package init(bytes: Int64) {
        self.bytes = bytes
    }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.bytes < rhs.bytes }

    package init(_ text: String) throws(GrammarError) {
        guard text != "-1" else {
            bytes = -1
            return
        }
        let scalars = Array(text.unicodeScalars)
        guard scalars.first != "-" else { throw GrammarError("a size cannot be negative", at: 0) }
        let numberEnd = scalars.firstIndex { !$0.isASCIIDigit && $0 != "." } ?? scalars.count
        let unitStart = scalars[numberEnd...].first == " " ? numberEnd + 1 : numberEnd
        guard let number = Decimal(scalars[..<numberEnd]) else {
            throw GrammarError(
                text.isEmpty ? "a size is missing" : "'\(text)' is no size", over: 0..<scalars.count,
                help: "write a number and a unit, such as 512m")
        }
        let unit = scalars[unitStart...].text
        guard let factor = Self.factor(of: unit), unitStart == numberEnd || !unit.isEmpty else {
            let amount = scalars[..<numberEnd].text
            throw GrammarError(
                "'\(unit)' is no unit of size", at: unitStart, length: scalars.count - unitStart,
                help: Self.help(amount, unit))
        }
        guard let bytes = number.times(factor)?.count else {
            throw GrammarError("the size is too large", over: 0..<scalars.count)
        }
        self.bytes = bytes
    }

    private static let letters: [Character] = ["k", "m", "g", "t", "p"]

    /// `m`, `mb` and `mib` are one, in any case.
    private static func factor(of unit: String) -> UInt64? {
        let unit = unit.lowercased()
        if unit.isEmpty || unit == "b" { return 1 }
        guard let first = unit.first, let power = letters.firstIndex(of: first) else { return nil }
        guard ["", "b", "ib"].contains(unit.dropFirst()) else { return nil }
        return 1 << (10 * (UInt64(power) + 1))
    }

    private static func help(_ amount: String, _ unit: String) -> String {
        guard unit.lowercased().hasSuffix("i"), factor(of: unit + "b") != nil else {
            return "use b, k, m, g, t or p; they count in 1024s"
        }
        return "write \(amount)\(unit)B"
    }

    /// For people: `512 MiB`, `1.5 GiB`, to two digits behind the point.
    package var description: String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        let power = min(5, (63 - bytes.leadingZeroBitCount) / 10)
        let unit = Int64(1) << (10 * Int64(power))
        let hundredths = (bytes % unit) * 100 / unit
        let (whole, fraction) = (bytes / unit, String(100 + hundredths).dropFirst())
        let digits = fraction == "00" ? "" : fraction.last == "0" ? ".\(fraction.dropLast())" : ".\(fraction)"
        return "\(whole)\(digits) \(Self.letters[power - 1].uppercased())iB"
    }
}
