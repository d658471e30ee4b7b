extension Sequence<Unicode.Scalar> {
    /// The characters as text.
    var text: String { String(String.UnicodeScalarView(self)) }
}

extension ArraySlice<Unicode.Scalar> {
    /// Without white space at both ends; indices stay those of the whole.
    var trimmed: Self {
        let start = drop { $0.properties.isWhitespace }
        guard let last = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return start.prefix(0) }
        return start[...last]
    }
}

extension Unicode.Scalar {
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }

    var isASCIILetter: Bool { ("a"..."z").contains(self) || ("A"..."Z").contains(self) }
}
