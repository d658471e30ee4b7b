import RecastModel
import RecastYAML
import Testing

@Suite struct FaultTests {
    private func fault(_ source: MarkedText) throws -> Diagnostic {
        let result = read(source.text)
        #expect(result.root == nil)
        #expect(result.diagnostics.count == 1)
        return try #require(result.diagnostics.first)
    }

    @Test(
        arguments: [
            "a:\n1️⃣\tb: 1\n", "a:\n  b: 1\n1️⃣\tc: 2\n", "a: 1\n1️⃣\tb: 2\n", "a:\n  1️⃣\tb: 1\n", "a:\n  - x\n1️⃣\t- y\n",
            "a:\n  b: 1\n  1️⃣\tc: 2\n",
        ] as [MarkedText])
    func `a tab that indents is named`(source: MarkedText) throws {
        let fault = try fault(source)
        #expect(fault.code == "yaml.tab")
        #expect(fault.position == source[1])
        #expect(fault.help == "YAML does not allow tabs for indentation; use spaces")
    }

    @Test(arguments: ["a: x\t# comment\n", "a:\tb\n", "a: |\n  x\n  \ty\n", "a: [\n\tx]\n"])
    func `tabs elsewhere are fine`(text: String) {
        #expect(read(text).codes == [])
    }

    @Test(
        arguments: [
            "a:\n  b: 1\n 1️⃣c: 2\n", "a: b1️⃣: c\n", "a:\n  - x\n  1️⃣b: 1\n", "a: 1️⃣@x\n", "a: 1️⃣`x`\n", "a: [x\nb1️⃣: 1\n",
            "a: {x: 1\nb1️⃣: 1\n", "a: x\n1️⃣b\n", "a: 1️⃣\"x\n", "a: 1️⃣- x\n", "a: \"1️⃣\\q\"\n", "1️⃣]", "a: x\n  b1️⃣: y\n",
            "%FOO1️⃣\n", "a: 'x' 1️⃣y\n",
        ] as [MarkedText])
    func `a fault of syntax has its place`(source: MarkedText) throws {
        let fault = try fault(source)
        #expect(fault.code == "yaml.syntax")
        #expect(fault.position == source[1], "\(fault)")
    }

    @Test func `a line that does not fit shows the mapping that it should fit`() throws {
        let source: MarkedText = "1️⃣a:\n  b: 1\n 2️⃣c: 2\n"
        let fault = try fault(source)
        #expect(fault.position == source[2])
        #expect(fault.notes.map(\.position) == [source[1]])
        #expect(fault.help?.contains("same column") == true)
    }

    @Test func `bytes that are not UTF-8 are an error at their place`() {
        let result = YAMLParser(file: "x").parse(Array("a: é\nb: ".utf8) + [0xE9, 0x0A])
        #expect(result.codes == ["yaml.encoding"])
        #expect(result.diagnostics.first?.position == SourcePosition(file: "x", line: 2, column: 4))
    }

    @Test(
        arguments: [
            "a: 1️⃣\0", "a: \"1️⃣\u{1B}\"", "a\n\n 1️⃣\u{FEFF}", "1️⃣\u{7F}", "é1️⃣\u{FFFE}",
        ] as [MarkedText])
    func `characters that YAML forbids are an error at their place`(source: MarkedText) throws {
        let fault = try fault(source)
        #expect(fault.code == "yaml.encoding")
        #expect(fault.position == source[1])
    }

    @Test(arguments: [[0xFF, 0xFE, 0x61, 0x00], [0xFE, 0xFF, 0x00, 0x61]] as [[UInt8]])
    func `UTF-16 is refused by name`(bytes: [UInt8]) {
        let result = YAMLParser(file: "x").parse(bytes)
        #expect(result.codes == ["yaml.encoding"])
        #expect(result.diagnostics.first?.message.contains("UTF-16") == true)
    }

    @Test(arguments: ["[", "{a: ", "- ", "? ", "- - ", "[{a: ", "!x [", "&a ["])
    func `nesting beyond the limit is refused and does not crash`(opening: String) {
        #expect(read(String(repeating: opening, count: 100_000)).codes == ["yaml.too-deep"])
    }

    @Test func `a hundred levels are read`() {
        #expect(read(String(repeating: "[", count: 100) + String(repeating: "]", count: 100)).codes == [])
        #expect(
            read(String(repeating: "[", count: 101) + String(repeating: "]", count: 101)).codes == ["yaml.too-deep"])
    }

    @Test func `aliases do not get around the depth limit`() {
        let chain = (1...150).map { "a\($0): &a\($0) [*a\($0 - 1)]" }.joined(separator: "\n")
        #expect(read("a0: &a0 x\n" + chain).codes == ["yaml.too-deep"])
    }

    @Test func `a billion laughs are refused long before they are expanded`() {
        let bomb = (1...9).map { level in
            "l\(level): &l\(level) [" + Array(repeating: "*l\(level - 1)", count: 9).joined(separator: ",") + "]"
        }
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(read("l0: &l0 lol\n" + bomb.joined(separator: "\n")).codes == ["yaml.too-many-aliases"])
        }
        #expect(time < .seconds(30))
    }

    @Test func `a bomb of merge keys is refused`() {
        let bomb = (1...9).map { level in
            "l\(level): &l\(level) {" + (0..<9).map { "k\($0): *l\(level - 1)" }.joined(separator: ", ") + "}"
        }
        #expect(read("l0: &l0 {a: b}\n" + bomb.joined(separator: "\n")).codes == ["yaml.too-many-aliases"])
    }

    @Test func `every kind of problem has a code of its own`() {
        #expect(Set(YAMLProblem.allCases.map(\.rawValue)).count == YAMLProblem.allCases.count)
        #expect(YAMLProblem.allCases.allSatisfy { $0.rawValue.hasPrefix("yaml.") })
    }
}
