import RecastYAML
import Testing

@Suite struct ScalarTypingTests {
    @Test(arguments: [
        ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
    ])
    func `YAML 1-2's booleans are booleans`(text: String, value: Bool) {
        #expect(read(text).root?.content == .bool(value))
    }

    @Test(arguments: ["~", "null", "Null", "NULL"])
    func `null has four spellings`(text: String) {
        #expect(read(text).root?.content == .null)
    }

    @Test(arguments: [
        ("0", 0), ("80", 80), ("-7", -7), ("+5", 5), ("010", 8), ("-010", -8), ("0o10", 8), ("0O17", 15),
        ("0x1F", 31), ("-0x1f", -31), ("0b101", 5), ("1_000", 1000), ("10__0_", 100), ("0_7", 7), ("0_", 0),
        ("9223372036854775807", Int64.max), ("-9223372036854775808", Int64.min),
    ])
    func `integers are read as go-yaml reads them`(text: String, value: Int64) {
        #expect(read(text).root?.content == .int(value))
    }

    @Test(arguments: [
        ("1.10", 1.1), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("1e3", 1000), ("1E-2", 0.01), ("08", 8),
        ("1_0.5", 10.5), (".5_0", 0.5), ("99999999999999999999", 1e20), (".inf", .infinity), ("+.Inf", .infinity),
        ("-.INF", -.infinity), ("-99999999999999999999", -1e20),
    ])
    func `floats are read as go-yaml reads them`(text: String, value: Double) {
        #expect(read(text).root?.content == .float(value))
    }

    @Test func `not a number has its own word`() throws {
        guard case .float(let value) = try #require(read(".nan").root).content else { throw Unexpected() }
        #expect(value.isNaN)
    }

    @Test func `an integer between 63 and 64 bits keeps its digits`() {
        #expect(read("12345678901234567890").root?.content == .bigInt("12345678901234567890"))
        #expect(read("0xFFFFFFFFFFFFFFFF").root?.content == .bigInt("18446744073709551615"))
    }

    @Test(arguments: [
        "22:22", "no", "yes", "on", "off", "y", "nULL",
        "tRUE", "2020-01-01", "1.2.3", "1e", "e3", "0x", "0xG", "-",
        "+", ".", "..", "1e999", "._5", "_1", "1 000", "0b2", "--1", "+-1", "0x-1",
        "<<", "=", "٣",
    ])
    func `all else is text`(text: String) {
        #expect(read("[" + text + "]").root?[0]?.content == .string(text))
    }

    @Test(arguments: ["'80'", "\"80\"", "'null'", "\"true\"", "''"])
    func `what stands in quotes is text`(text: String) {
        let node = read(text).root
        #expect(node?.content == .string(String(text.dropFirst().dropLast())))
        #expect(node?.quoted == true)
    }

    @Test(arguments: ["|\n  80\n", ">-\n  80\n"])
    func `a block is text`(text: String) {
        #expect(read(text).root?.quoted == true)
        #expect(read(text).root?.text?.hasPrefix("80") == true)
    }

    @Test(arguments: [
        ("!!str 80", YAMLNode.Content.string("80")), ("!!int '80'", .int(80)), ("!!float 1", .float(1)),
        ("!!bool 'true'", .bool(true)), ("!!null ''", .null), ("! 80", .string("80")),
        ("!!timestamp 2020-01-01", .string("2020-01-01")), ("!<tag:yaml.org,2002:str> 80", .string("80")),
    ])
    func `a tag of YAML's decides the type`(text: String, content: YAMLNode.Content) {
        let result = read(text)
        #expect(result.root?.content == content)
        #expect(result.root?.tag == nil)
        #expect(result.codes == [])
    }

    @Test(arguments: ["!!int x", "!!bool yes", "!!null x", "!!map x", "!!binary aGk=", "!!seq {}", "!!map []"])
    func `a tag that does not fit is an error`(text: String) {
        #expect(read(text).codes == ["yaml.bad-tag"])
    }

    @Test func `a tag of the document's own stays, and makes a scalar text`() {
        let root = read("{a: !reset null, b: !override [1], c: !override {d: 1}, e: !x 010}").root
        #expect(
            root?.outline
                == #"{"a": !reset null, "b": !override [int 1], "c": !override {"d": int 1}, "e": !x "010"}"#)
    }

    @Test(arguments: [
        ("1.0", "1"), ("1.10", "1.1"), ("010", "8"), ("0o10", "8"), ("0x1F", "31"), ("1e3", "1000"),
        ("1_000", "1000"), ("true", "true"), ("True", "true"), ("1e6", "1e+06"), ("123456.0", "123456"),
        ("1234567.5", "1.2345675e+06"), ("0.0001", "0.0001"), ("0.00001", "1e-05"), ("-0.5", "-0.5"), ("-0.0", "-0"),
        ("1e100", "1e+100"), ("5e-324", "5e-324"), (".inf", "+Inf"), ("-.inf", "-Inf"), (".nan", "NaN"),
        ("12345678901234567890", "12345678901234567890"), ("99999999999999999999", "1e+20"), ("no", "no"),
        ("'1.10'", "1.10"), ("120000.5", "120000.5"),
    ])
    func `the formatted text is what Docker Compose makes of a scalar`(text: String, formatted: String) {
        #expect(read(text).root?.formattedText == formatted)
    }

    @Test func `null and collections have no text`() {
        #expect(read("~").root?.formattedText == nil)
        #expect(read("[]").root?.formattedText == nil)
    }
}

struct Unexpected: Error {}
