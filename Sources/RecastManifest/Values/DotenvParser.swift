/// Reads an env file entry by entry, from the left to the right of one text.
struct DotenvParser {
    private(set) var entries: [Dotenv.Entry] = []
    private(set) var unset: [Dotenv.Unset] = []
    private var known: [String: String]
    private let scalars: [Unicode.Scalar]
    /// What is before it has been read.
    private var index = 0
    /// Of `index`.
    private var line = 1
    private var lineStart = 0

    private let allowsNameless: Bool

    init(_ text: String, known: [String: String], allowsNameless: Bool) {
        self.allowsNameless = allowsNameless
        scalars = Array(text.unicodeScalars.drop { $0 == "\u{FEFF}" })
        self.known = known
    }

    /// `false` at the end of the text.
    mutating func readEntry(_ lookup: (String) -> String?) throws(Dotenv.Fault) -> Bool {
        skipBlanksAndComments()
        guard index < scalars.count else { return false }
        skipExport()
        let name = try readName()
        let line = line
        if isAt("=") || isAt(":") {
            advance(to: index + 1)
            advance(to: end { !$0.isDotenvSpace })
            add(name, try readValue(lookup), line)
        } else if let value = lookup(name) {
            add(name, value, line)
        }
        return true
    }

    private mutating func add(_ name: String, _ value: String, _ line: Int) {
        entries.append(Dotenv.Entry(name: name, value: value, line: line))
        known[name] = value
    }

    // MARK: Moving

    private func isAt(_ scalar: Unicode.Scalar) -> Bool { index < scalars.count && scalars[index] == scalar }

    private func end(where ends: (Unicode.Scalar) -> Bool) -> Int {
        scalars[index...].firstIndex(where: ends) ?? scalars.count
    }

    private mutating func advance(to end: Int) {
        for place in index..<end where scalars[place] == "\n" {
            line += 1
            lineStart = place + 1
        }
        index = end
    }

    private func fault(
        _ message: String, at place: Int, length: Int = 1, help: String? = nil
    ) -> Dotenv.Fault {
        Dotenv.Fault(
            line: line, error: GrammarError(message, at: place - lineStart, length: length, help: help))
    }

    // MARK: Names

    private mutating func skipBlanksAndComments() {
        while true {
            advance(to: end { !$0.properties.isWhitespace })
            guard isAt("#") else { return }
            advance(to: end { $0 == "\n" })
        }
    }

    private mutating func skipExport() {
        let word = Array("export".unicodeScalars)
        guard scalars[index...].starts(with: word), index + word.count < scalars.count,
            scalars[index + word.count].isDotenvSpace
        else { return }
        advance(to: index + word.count)
        advance(to: end { !$0.isDotenvSpace })
    }

    private mutating func readName() throws(Dotenv.Fault) -> String {
        let start = index
        let nameEnd = end { !$0.mayStandInDotenvName }
        let mark = nameEnd < scalars.count ? scalars[nameEnd] : "\n"
        guard ["=", ":", "\n"].contains(mark) else {
            throw fault("'\(mark)' cannot stand in the name of a variable", at: nameEnd)
        }
        let name = scalars[start..<nameEnd].trimmed
        if name.isEmpty, !allowsNameless { throw fault("a name is missing before '\(mark)'", at: start) }
        if let space = name.firstIndex(where: \.isDotenvSpace) {
            throw fault(
                "the name of a variable cannot contain a space", at: space,
                help: mark == "\n" ? "write NAME=value, or # before a comment" : nil)
        }
        advance(to: nameEnd)
        return name.text
    }

    // MARK: Values

    private mutating func readValue(_ lookup: (String) -> String?) throws(Dotenv.Fault) -> String {
        if isAt("'") || isAt("\"") { return try readQuoted(lookup) }
        let lineEnd = end { $0 == "\n" }
        let line = scalars[index..<lineEnd]
        let comment = line.indices.dropLast().first { scalars[$0] == " " && scalars[$0 + 1] == "#" }
        var value = line[..<(comment ?? lineEnd)]
        while value.last?.properties.isWhitespace == true { value.removeLast() }
        let expanded = try expand(value.text, isAsWritten: true, lookup)
        advance(to: lineEnd)
        return expanded
    }

    /// A backslash before the quote stands for the quote; any other stays, for `withEscapes` to read.
    private mutating func readQuoted(_ lookup: (String) -> String?) throws(Dotenv.Fault) -> String {
        let quote = scalars[index]
        var value: [Unicode.Scalar] = []
        var isEscaped = false
        for place in scalars.indices[(index + 1)...] {
            let scalar = scalars[place]
            if scalar == quote, !isEscaped {
                let text =
                    quote == "\"" ? try expand(value.withEscapes, isAsWritten: false, lookup) : value.text
                advance(to: place + 1)
                return text
            }
            if scalar == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            if isEscaped, scalar != quote { value.append("\\") }
            isEscaped = false
            value.append(scalar)
        }
        throw fault("this quote is never closed", at: index)
    }

    /// `isAsWritten`: the text stands at `index` just so, and offsets into it are offsets into the file.
    private mutating func expand(
        _ text: String, isAsWritten: Bool, _ lookup: (String) -> String?
    ) throws(Dotenv.Fault) -> String {
        do throws(GrammarError) {
            let result = try Interpolation(text).evaluate { lookup($0) ?? known[$0] }
            unset += result.unset.map { Dotenv.Unset(name: $0.name, line: line) }
            return result.text
        } catch {
            let place = index + (isAsWritten ? error.offset : 0)
            throw fault(error.message, at: place, length: isAsWritten ? error.length : 1, help: error.help)
        }
    }
}

extension [Unicode.Scalar] {
    /// The escapes of double quotes: `\n` and its kind, `\0` with octal digits, `\$` for a plain dollar sign.
    fileprivate var withEscapes: String {
        var result: [Unicode.Scalar] = []
        var index = 0
        while index < count {
            if self[index] == "\\", index + 1 < count, let (scalars, length) = escape(at: index + 1) {
                result += scalars
                index += 1 + length
            } else {
                result.append(self[index])
                index += 1
            }
        }
        return result.text
    }

    private func escape(at index: Int) -> (scalars: [Unicode.Scalar], length: Int)? {
        let codes: [Unicode.Scalar: UInt8] = [
            "a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92, "\"": 34,
        ]
        if let code = codes[self[index]] { return ([Unicode.Scalar(code)], 1) }
        if self[index] == "$" { return (["$", "$"], 1) }
        let digits = self[index...].dropFirst().prefix(3)
        guard self[index] == "0", digits.count == 3, let code = UInt8(digits.text, radix: 8) else { return nil }
        return ([Unicode.Scalar(code)], 4)
    }
}

extension Unicode.Scalar {
    fileprivate var isDotenvSpace: Bool {
        switch value {
        case 0x09, 0x0B, 0x0C, 0x0D, 0x20, 0x85, 0xA0: true
        default: false
        }
    }

    fileprivate var mayStandInDotenvName: Bool {
        if isDotenvSpace || "_.-[]".unicodeScalars.contains(self) { return true }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        case .decimalNumber, .letterNumber, .otherNumber: return true
        default: return false
        }
    }
}
