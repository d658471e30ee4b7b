import RecastManifest
import Testing

@Suite struct ShellWordsTests {
    @Test(
        arguments: [
            ("echo a b", ["echo", "a", "b"]), ("  a\t b\n c ", ["a", "b", "c"]), ("", []), ("''", [""]),
            ("a ''", ["a", ""]), (#"echo "a b" 'c d'"#, ["echo", "a b", "c d"]), (#"a"b"'c'"#, ["abc"]),
            (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]), (#""a\"b""#, [#"a"b"#]), (#"a\nb"#, ["a\nb"]),
            (#""it's""#, ["it's"]), ("echo $HOME *.txt", ["echo", "$HOME", "*.txt"]), ("`a b` c", ["`a b`", "c"]),
            ("x$(a b) c", ["x$(a b)", "c"]), (#"$(echo "a b")"#, [#"$(echo "a b")"#]),
            (#""a | b" 'c;d' e\&f"#, ["a | b", "c;d", "e&f"]),
            ("# no comment", ["#", "no", "comment"]), ("a=b --c", ["a=b", "--c"]), ("'('", ["("]), (#"\("#, ["("]),
        ] as [(String, [String])])
    func `words are split as Docker Compose splits them`(text: String, words: [String]) throws {
        let result = try ShellWords(text)
        #expect(result.words == words)
        #expect(result.cutOffset == nil)
    }

    @Test(
        arguments: [
            ("echo a ▸| b", ["echo", "a"]), ("a▸; b", ["a"]), ("a ▸&& b", ["a"]), ("a ▸> f", ["a"]), ("a 2▸> f", ["a"]),
            ("a b▸> f", ["a", "b"]), ("a ▸< f ' unbalanced", ["a"]),
        ] as [(MarkedOffset, [String])])
    func `an operator of the shell ends the command`(text: MarkedOffset, words: [String]) throws {
        let result = try ShellWords(text.text)
        #expect(result.words == words)
        #expect(result.cutOffset == text.offset)
    }

    @Test(
        arguments: [
            "a ▸\"b", "a ▸'b", "▸`a", "a$▸(b", "a ▸(b)", "a▸)", "$(a $▸(b))", "a▸\\",
        ] as [MarkedOffset])
    func `what is not closed is a fault where it opens`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try ShellWords(text) }
    }

    @Test func `random text does not crash, and no word holds an unquoted space`() {
        let pieces = ["a", " ", "'", "\"", "\\", "`", "$(", "(", ")", ";", ">", "2", "\n", "é"]
        for seed in UInt64(0)..<5000 {
            var generator = ValuesGenerator(seed: seed)
            let text = generator.text(of: pieces, upTo: 12)
            let hasQuotes = text.contains { "'\"\\`(".contains($0) }
            guard let words = try? ShellWords(text).words, !hasQuotes else { continue }
            #expect(words.allSatisfy { !$0.contains(" ") && !$0.isEmpty }, "seed \(seed)")
        }
    }
}
