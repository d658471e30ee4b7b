package import RecastModel

/// How many instances give way at once: `3`, `0` for all, or `25%`.
package enum ParallelismSyntax {
    package static func parse(_ text: String) throws(GrammarError) -> RolloutPolicy.Parallelism {
        let scalars = Array(text.unicodeScalars)
        let isPercent = scalars.last == "%"
        let digits = isPercent ? scalars.dropLast() : scalars[...]
        guard !digits.isEmpty, digits.allSatisfy(\.isASCIIDigit), let number = Int(digits.text) else {
            throw GrammarError(
                "'\(text)' is no number of instances", over: 0..<scalars.count,
                help: "write a whole number such as 3, or a percentage such as 25%")
        }
        guard isPercent else { return .count(number) }
        guard (1...100).contains(number) else {
            throw GrammarError(
                "\(number)% is no share of the instances", over: 0..<scalars.count,
                help: number == 0 ? "write 0 for all at once" : "percentages go from 1% to 100%")
        }
        return .percent(number)
    }
}
