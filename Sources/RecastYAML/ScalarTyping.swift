/// What a plain scalar means, by go-yaml's rules: YAML 1.2 for booleans and null, YAML 1.1 for numbers, never base 60.
enum ScalarTyping {
    static func content(ofPlain text: String) -> YAMLNode.Content {
        if let word = words[text] { return word }
        guard let first = text.utf8.first else { return .null }
        switch first {
        case UInt8(ascii: "."): return float(text.strippingDigitSeparators).map { .float($0) } ?? .string(text)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            return number(text.filter { $0 != "_" }) ?? .string(text)
        default: return .string(text)
        }
    }

    private static let words: [String: YAMLNode.Content] = {
        var words: [String: YAMLNode.Content] = [:]
        for word in ["~", "null", "Null", "NULL"] { words[word] = .null }
        for word in ["true", "True", "TRUE"] { words[word] = .bool(true) }
        for word in ["false", "False", "FALSE"] { words[word] = .bool(false) }
        for word in [".nan", ".NaN", ".NAN"] { words[word] = .float(.nan) }
        for word in [".inf", ".Inf", ".INF"] {
            words[word] = .float(.infinity)
            words["+" + word] = .float(.infinity)
            words["-" + word] = .float(-.infinity)
        }
        return words
    }()

    private static func number(_ text: String) -> YAMLNode.Content? {
        let (sign, digits, radix) = integerParts(text)
        if let first = digits.utf8.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") {
            if let value = Int64((sign ?? "") + digits, radix: radix) { return .int(value) }
            if sign == nil, let value = UInt64(digits, radix: radix) { return .bigInt(String(value)) }
        }
        return float(text).map { .float($0) }
    }

    /// `0x1F`, `0b11`, `0o17` and `017` carry their radix.
    private static func integerParts(_ text: String) -> (sign: String?, digits: Substring, radix: Int) {
        var digits = text[...]
        let sign = digits.first == "-" || digits.first == "+" ? String(digits.removeFirst()) : nil
        guard digits.first == "0", digits.count > 1 else { return (sign, digits, 10) }
        switch digits.dropFirst().first {
        case "x", "X": return (sign, digits.dropFirst(2), 16)
        case "o", "O": return (sign, digits.dropFirst(2), 8)
        case "b", "B": return (sign, digits.dropFirst(2), 2)
        default: return (sign, digits.dropFirst(), 8)
        }
    }

    /// `[-+]? (digits [. digits?] | . digits) [e [-+]? digits]`, and within the range of a Double.
    private static func float(_ text: String) -> Double? {
        var rest = text.utf8[...]
        rest.dropSign()
        let whole = rest.dropDigits()
        var fraction = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = rest.dropDigits()
        }
        guard whole + fraction > 0 else { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            rest.dropSign()
            guard rest.dropDigits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

extension Substring.UTF8View {
    fileprivate mutating func dropSign() {
        if first == UInt8(ascii: "+") || first == UInt8(ascii: "-") { removeFirst() }
    }

    fileprivate mutating func dropDigits() -> Int {
        let digits = prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
        removeFirst(digits)
        return digits
    }
}

extension String {
    /// Without the `_` between two digits, the only place where a fraction may have it.
    fileprivate var strippingDigitSeparators: String {
        let parts = split(separator: "_", omittingEmptySubsequences: false)
        let between = zip(parts, parts.dropFirst()).allSatisfy { left, right in
            left.last?.isNumber == true && right.first?.isNumber == true
        }
        return between ? parts.joined() : self
    }
}
