/// Processors in billionths, as the engine counts them: `0.1` is 100 000 000, not what a float makes of it.
package enum NanoCPUs {
    /// `text`: a decimal number such as `1.5`, in quotes or not.
    package static func parse(_ text: String) throws(GrammarError) -> Int64 {
        let scalars = Array(text.unicodeScalars)
        let all = 0..<scalars.count
        guard scalars.first != "-" else { throw GrammarError("a number of processors cannot be negative", at: 0) }
        guard let number = Decimal(scalars[...]) else {
            throw GrammarError("'\(text)' is no number of processors", over: all, help: "write a number such as 1.5")
        }
        guard let (count, isExact) = number.times(1_000_000_000) else {
            throw GrammarError("'\(text)' processors are too many", over: all)
        }
        guard isExact else {
            throw GrammarError("'\(text)' has more than 9 digits behind the point", over: all)
        }
        return count
    }
}
