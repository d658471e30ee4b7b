import RecastModel
import RecastYAML

func read(_ text: String) -> YAMLParser.Result {
    YAMLParser(file: "test.yaml").parse(Array(text.utf8))
}

extension YAMLParser.Result {
    var codes: [String] { diagnostics.map(\.code) }
}

extension YAMLNode {
    subscript(_ key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    subscript(_ index: Int) -> YAMLNode? {
        guard case .sequence(let items) = content, items.indices.contains(index) else { return nil }
        return items[index]
    }

    /// The values alone, in one line: `{a: [int 1, string "x"]}`.
    var outline: String {
        let value =
            switch content {
            case .null: "null"
            case .bool(let value): "bool \(value)"
            case .int(let value): "int \(value)"
            case .bigInt(let digits): "bigInt \(digits)"
            case .float(let value): "float \(value)"
            case .string(let value): value.debugDescription
            case .sequence(let items): "[" + items.map(\.outline).joined(separator: ", ") + "]"
            case .mapping(let entries):
                "{" + entries.map { "\($0.key.debugDescription): \($0.value.outline)" }.joined(separator: ", ") + "}"
            }
        return (tag.map { $0 + " " } ?? "") + value
    }
}

/// SplitMix64: the same numbers for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
