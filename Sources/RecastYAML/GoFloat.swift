extension Double {
    /// Go's `%v`: the fewest digits that read back, with an exponent below 10⁻⁴ and from 10⁶ up.
    var goText: String {
        guard isFinite else { return isNaN ? "NaN" : self < 0 ? "-Inf" : "+Inf" }
        let sign = self.sign == .minus ? "-" : ""
        let (digits, exponent) = magnitude.shortestDigits
        return sign
            + ((-4..<6).contains(exponent) ? positional(digits, exponent) : scientific(digits, exponent, width: 2))
    }

    /// As Go's JSON encoder writes it, with an exponent below 10⁻⁶ and from 10²¹ up; `nil` for what JSON cannot say.
    package var goJSONText: String? {
        guard isFinite else { return nil }
        let sign = self.sign == .minus ? "-" : ""
        let (digits, exponent) = magnitude.shortestDigits
        return sign
            + ((-6..<21).contains(exponent) ? positional(digits, exponent) : scientific(digits, exponent, width: 1))
    }

    /// The digits d₁d₂d₃… and the power of ten of d₁; for a positive value.
    private var shortestDigits: (digits: String, exponent: Int) {
        let parts = description.split(separator: "e", maxSplits: 1)
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = mantissa[0]
        let all = whole + (mantissa.dropFirst().first ?? "")
        let digits = all.drop { $0 == "0" }
        guard !digits.isEmpty else { return ("0", 0) }
        let written = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let exponent = written + whole.count - 1 - (all.count - digits.count)
        return (String(digits).trimmingTrailingZeros, exponent)
    }

    private func positional(_ digits: String, _ exponent: Int) -> String {
        if exponent < 0 { return "0." + String(repeating: "0", count: -exponent - 1) + digits }
        let whole = digits.prefix(exponent + 1)
        let fraction = digits.dropFirst(exponent + 1)
        let zeros = String(repeating: "0", count: exponent + 1 - whole.count)
        return whole + zeros + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// `width`: the least digits of the exponent.
    private func scientific(_ digits: String, _ exponent: Int, width: Int) -> String {
        let fraction = digits.dropFirst()
        let power = String(exponent.magnitude)
        return digits.prefix(1) + (fraction.isEmpty ? "" : "." + fraction) + (exponent < 0 ? "e-" : "e+")
            + (power.count < width ? "0" : "") + power
    }
}

extension String {
    fileprivate var trimmingTrailingZeros: String {
        var text = self
        while text.count > 1, text.last == "0" { text.removeLast() }
        return text
    }
}
