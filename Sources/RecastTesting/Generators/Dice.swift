/// Random decisions.
struct Dice {
    private var generator: SeededGenerator

    init(_ generator: inout some RandomNumberGenerator) {
        self.generator = SeededGenerator(seed: generator.next())
    }

    mutating func maybe(_ probability: Double = 0.35) -> Bool {
        Double.random(in: 0..<1, using: &generator) < probability
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    mutating func pick<Value>(_ values: Value...) -> Value { pick(from: values) }

    mutating func pick<Value>(from values: [Value]) -> Value { values[number(0...(values.count - 1))] }

    /// That many of them at most, in any order.
    mutating func sample<Value>(_ values: [Value], _ counts: ClosedRange<Int>) -> [Value] {
        Array(values.shuffled(using: &generator).prefix(number(counts)))
    }
}
