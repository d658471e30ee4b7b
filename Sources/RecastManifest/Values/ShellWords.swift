/// A command as one string, split into words as Docker Compose does it: quotes and escapes, but no shell.
package struct ShellWords: Hashable, Sendable {
    package let words: [String]
    /// Where an unquoted `|`, `;`, `&`, `<` or `>` ends the command: what follows is silently left out.
    package let cutOffset: Int?

    package init(_ text: String) throws(GrammarError) {
        var splitter = Splitter()
        for (offset, scalar) in text.unicodeScalars.enumerated() where splitter.cutOffset == nil {
            try splitter.take(scalar, at: offset)
        }
        try splitter.finish()
        words = splitter.words
        cutOffset = splitter.cutOffset
    }
}

private struct Splitter {
    private enum Quote: Unicode.Scalar {
        case single = "'"
        case double = "\""
        case backtick = "`"
        /// `$( )`: kept in the text, like backticks.
        case command = ")"
    }

    private(set) var words: [String] = []
    private(set) var cutOffset: Int?
    /// `nil` between words; empty within `''`.
    private var word: String.UnicodeScalarView?
    private var quote: (kind: Quote, start: Int)?
    private var escape: Int?

    mutating func take(_ scalar: Unicode.Scalar, at offset: Int) throws(GrammarError) {
        if escape != nil {
            append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar)
            escape = nil
            return
        }
        if scalar == "\\", quote?.kind != .single {
            escape = offset
            return
        }
        switch quote?.kind {
        case nil: try takeUnquoted(scalar, at: offset)
        case .single, .double: takeQuoted(scalar)
        case .backtick, .command: try takeCommand(scalar, at: offset)
        }
    }

    private mutating func takeUnquoted(_ scalar: Unicode.Scalar, at offset: Int) throws(GrammarError) {
        switch scalar {
        case " ", "\t", "\r", "\n": endWord()
        case "'", "\"":
            quote = Quote(rawValue: scalar).map { ($0, offset) }
            word = word ?? .init()
        case "`":
            quote = (.backtick, offset)
            append(scalar)
        case "(" where word?.last == "$":
            quote = (.command, offset)
            append(scalar)
        case "(", ")":
            throw GrammarError(
                "'\(scalar)' cannot stand here", at: offset, help: "no shell reads this: put it in quotes")
        case ";", "&", "|", "<", ">":
            // `2>`: the number belongs to the redirection.
            if scalar == ">", word?.first?.isASCIIDigit == true { word = nil }
            cutOffset = offset
        default: append(scalar)
        }
    }

    private mutating func takeQuoted(_ scalar: Unicode.Scalar) {
        if scalar == quote?.kind.rawValue {
            quote = nil
        } else {
            append(scalar)
        }
    }

    private mutating func takeCommand(_ scalar: Unicode.Scalar, at offset: Int) throws(GrammarError) {
        append(scalar)
        if scalar == quote?.kind.rawValue {
            quote = nil
        } else if scalar == "(", quote?.kind == .command {
            throw GrammarError("'(' cannot stand within '$('", at: offset)
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        word = word ?? .init()
        word?.append(scalar)
    }

    private mutating func endWord() {
        if let word { words.append(String(word)) }
        word = nil
    }

    mutating func finish() throws(GrammarError) {
        if let quote {
            throw GrammarError("this \(quote.kind == .command ? "'('" : "quote") is not closed", at: quote.start)
        }
        if let escape {
            throw GrammarError("nothing follows the backslash", at: escape, help: "write '\\\\' for a backslash")
        }
        endWord()
    }
}
