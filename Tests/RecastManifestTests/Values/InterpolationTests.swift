import RecastManifest
import Testing

@Suite struct InterpolationTests {
    private let lookup: (String) -> String? = { ["FOO": "first", "BAR": "", "JSON": #"{"json":2}"#, "A_1": "a"][$0] }

    @Test(arguments: [
        ("$${foo}", "${foo}"), ("foo", "foo"), ("", ""), ("a $ string", "a $ string"), ("^REGEX$", "^REGEX$"),
        ("$}", "$}"), ("$", "$"), ("$1 $( a$", "$1 $( a$"), ("$FOO-bar", "first-bar"), ("$FOO$FOO", "firstfirst"),
        ("${A_1}$A_1", "aa"), ("This ${missing} var", "This  var"), ("This ${BAR} var", "This  var"),
        ("$$$FOO $$$$", "$first $$"), ("}{${FOO}}", "}{first}"),
    ])
    func `names and dollar signs`(template: String, result: String) throws {
        #expect(try Interpolation(template).evaluate(lookup).text == result)
    }

    @Test(arguments: [
        ("${missing:-def}", "def"), ("${missing-def}", "def"), ("${BAR:-def}", "def"), ("${BAR-def}", ""),
        ("${FOO:-def}", "first"), ("${UNSET:+value}", ""), ("${UNSET+value}", ""), ("${FOO:+value}", "value"),
        ("${BAR+value}", "value"), ("${BAR:+value}", ""), ("${BAR:-/non:-alphanumeric}", "/non:-alphanumeric"),
        ("${UNSET-myerror?msg}", "myerror?msg"), ("${FOO:?err}", "first"), ("${BAR?err}", ""), ("${UNSET:-}", ""),
        ("${UNSET:-a b:c}", "a b:c"), ("${FOO?bar-baz}", "first"),
    ])
    func `what follows a name`(template: String, result: String) throws {
        #expect(try Interpolation(template).evaluate(lookup).text == result)
    }

    @Test(arguments: [
        ("${UNSET-$FOO}", "first"), ("${UNSET-${FOO} ${FOO}}", "first first"), ("${BAR:-${BAR-x}}", ""),
        ("${BAR+$FOO ${FOO:+second}}", "first second"), ("${A:+${A},}B", "B"), ("${A:-${B}}", ""),
        ("${FOO?${B}}", "first"),
        (#"${missing:-{"json":1}}"#, #"{"json":1}"#), (#"${JSON-{"json":1}}"#, #"{"json":2}"#),
        ("${missing:-$${FOO}}", "${FOO}"),
        ("${missing:-{}", "{"), ("${missing:-{}} ${FOO}", "{} first"),
    ])
    func `variables and braces within braces`(template: String, result: String) throws {
        #expect(try Interpolation(template).evaluate(lookup).text == result)
    }

    @Test(
        arguments: [
            "▸${", "a ▸${b", "▸${}", "${▸ }", "${▸ foo}", "${foo▸ }", "${foo▸!}", "${▸1X}", "${X▸/a/b}", "x$${y▸${",
            "▸${X:-a\nb}", "${X:-${Y▸;}}", "${FOO▸:}", "${FOO▸:=x}", "${▸é}",
        ] as [MarkedOffset])
    func `what is no variable is a fault`(template: MarkedOffset) {
        template.expectFault { text throws(GrammarError) in try Interpolation(text) }
    }

    @Test(arguments: [
        ("${UNSET:?Mandatory}", "required variable UNSET is missing a value: Mandatory"),
        ("${BAR:?Empty}", "required variable BAR is missing a value: Empty"),
        ("${UNSET:?}", "required variable UNSET is missing a value"),
        ("${UNSET?not ${FOO}}", "required variable UNSET is missing a value: not first"),
    ])
    func `a required variable is asked for`(template: String, message: String) throws {
        let interpolation = try Interpolation("a " + template)
        let error = #expect(throws: GrammarError.self) { try interpolation.evaluate(lookup) }
        #expect(error?.message == message)
        #expect(error?.offset == 2)
        #expect(error?.length == template.count)
    }

    @Test func `names are told apart by whether they were needed and set`() throws {
        let interpolation = try Interpolation("$NO ${FOO} ${NO2:-${NO3}} ${NO4:-x} ${FOO:-${NO5}}")
        #expect(interpolation.references.map(\.name) == ["NO", "FOO", "NO2", "NO3", "NO4", "FOO", "NO5"])
        let result = try interpolation.evaluate(lookup)
        #expect(result.unset.map(\.name) == ["NO", "NO3"])
        #expect(result.unset.map(\.offset) == [0, 18])
        #expect(result.used.map(\.name) == ["NO", "FOO", "NO2", "NO3", "NO4", "FOO"])
    }

    @Test func `a place in the result leads back to the source`() throws {
        let result = try Interpolation("a$$b ${FOO}:${NO}:c").evaluate(lookup)
        #expect(result.text == "a$b first::c")
        #expect(result.source(ofCharacter: 0) == (0, 1))
        #expect(result.source(ofCharacter: 1) == (1, 1))
        #expect(result.source(ofCharacter: 2) == (3, 1))
        #expect(result.source(ofCharacter: 6) == (5, 6))
        #expect(result.source(ofCharacter: 9) == (11, 1))
        #expect(result.source(ofCharacter: 10) == (12, 5))
        #expect(result.source(ofCharacter: 11) == (18, 1))
        #expect(result.source(ofCharacter: 12) == (19, 1))
    }

    @Test func `braces that nest without end are refused`() {
        let deep = String(repeating: "${A:-", count: 100_000) + String(repeating: "}", count: 100_000)
        #expect(throws: GrammarError.self) { try Interpolation(deep) }
    }

    @Test func `random text neither crashes nor loses what is literal`() throws {
        let pieces = ["$", "{", "}", "A", ":-", "?", "+", " ", "\n", "é", "1", "${A", "$$"]
        for seed in UInt64(0)..<5000 {
            var generator = ValuesGenerator(seed: seed)
            let text = generator.text(of: pieces, upTo: 14)
            guard let interpolation = try? Interpolation(text) else { continue }
            let result = try? interpolation.evaluate { _ in "v" }
            if !text.contains("$") { #expect(result?.text == text, "seed \(seed)") }
        }
    }
}

/// SplitMix64, for the properties of this folder.
struct ValuesGenerator: RandomNumberGenerator {
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

    mutating func text(of pieces: [String], upTo count: Int) -> String {
        (0..<Int.random(in: 0...count, using: &self)).map { _ in
            pieces[Int.random(in: 0..<pieces.count, using: &self)]
        }.joined()
    }
}
