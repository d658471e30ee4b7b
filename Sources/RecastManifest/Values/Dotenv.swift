/// An env file in Docker Compose's syntax: `KEY=value`, `export KEY: 'value'`, comments, and `${…}` outside of single
/// quotes.
package struct Dotenv: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let name: String
        package let value: String
        /// Counted from 1.
        package let line: Int
    }

    /// A variable without a value or a default, used in the entry of a line.
    package struct Unset: Hashable, Sendable {
        package let name: String
        package let line: Int
    }

    /// A fault; the offset of its error counts from the beginning of the line.
    package struct Fault: Error, Hashable, Sendable {
        /// Counted from 1.
        package let line: Int
        package let error: GrammarError
    }

    /// In the order of the file; of two with one name the later counts.
    package let entries: [Entry]
    package let unset: [Unset]

    /// `lookup`: the values of `${…}` and of names that stand alone, before those of this file and of `earlier` ones.
    ///
    /// `allowsNameless`: a value whose name is empty is read, as by Docker Compose; no engine takes it.
    package init(
        _ text: String, earlier: [String: String] = [:], allowsNameless: Bool = false, lookup: (String) -> String?
    ) throws(Fault) {
        var parser = DotenvParser(text, known: earlier, allowsNameless: allowsNameless)
        while try parser.readEntry(lookup) {}
        entries = parser.entries
        unset = parser.unset
    }

    /// `format: raw`: values are taken as they stand, with quotes, spaces and dollar signs.
    package init(raw text: String, lookup: (String) -> String?) throws(Fault) {
        var entries: [Entry] = []
        let lines = text.unicodeScalars.drop { $0 == "\u{FEFF}" }.split(
            separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let content = line.drop { $0.properties.isWhitespace }
            guard let first = content.first, first != "#" else { continue }
            let name = content.prefix { $0 != "=" }
            guard !name.isEmpty, !name.contains(where: \.properties.isWhitespace) else {
                let message = name.isEmpty ? "a name is missing before '='" : "a name cannot contain a space"
                throw Fault(line: index + 1, error: GrammarError(message, at: line.count - content.count))
            }
            let written = content.dropFirst(name.count + 1)
            let value = written.last == "\r" ? written.dropLast() : written
            let isAlone = name.endIndex == content.endIndex
            guard let text = isAlone ? lookup(String(name)) : String(value) else { continue }
            entries.append(Entry(name: String(name), value: text, line: index + 1))
        }
        self.entries = entries
        unset = []
    }
}
