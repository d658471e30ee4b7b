extension String {
    /// Text from elsewhere (files, containers, engines) that cannot move the cursor or change how the terminal looks.
    ///
    /// Control characters are written as their code (`\u{1B}`), a tab becomes a blank. Marks that turn the direction of
    /// writing count as control characters: they make text read other than it is.
    package var printable: String {
        guard unicodeScalars.contains(where: \.isControl) else { return self }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\t": text += " "
            case _ where scalar.isControl: text += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}

extension String {
    /// The text with the passwords of URLs (`scheme://user:password@host`) as asterisks, each character as one.
    var maskingPasswords: String {
        var text = Array(self)
        var start = text.startIndex
        while let scheme = text[start...].firstRange(of: Array("://")) {
            let authority = text[scheme.upperBound...].prefix { !$0.isWhitespace && !"/\"'".contains($0) }
            start = authority.endIndex
            guard let mark = authority.lastIndex(of: "@"), let colon = authority[..<mark].firstIndex(of: ":") else {
                continue
            }
            for place in (colon + 1)..<mark { text[place] = "*" }
        }
        return String(text)
    }
}

extension Unicode.Scalar {
    fileprivate var isControl: Bool {
        properties.generalCategory == .control || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
}
