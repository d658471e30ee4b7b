import RecastTesting
import Testing

@Suite struct JSONTests {
    @Test(
        arguments: [
            #"{"a":[1,-2,1.5,true,false,null],"b":{"c":"é\n\"\\"}}"#, "[]", "{}", "0", #""""#, "null",
            "9223372036854775807",
        ])
    func `what is written reads as it was`(text: String) throws {
        let value = try JSON(parsing: Array(text.utf8))
        #expect(try JSON(parsing: value.bytes) == value)
    }

    @Test func `escapes are taken apart`() throws {
        let text = #" { "a" : "\u00e9\ud83d\ude00\t\/" } "#
        #expect(try JSON(parsing: Array(text.utf8)) == ["a": "é😀\t/"])
    }

    @Test(
        arguments: ["", "{", "[1", "[1 2]", "{1:2}", #"{"a"}"#, #""a"#, "tru", "1x", "[1]]", #""\q""#, #""\u12""#])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: (any Error).self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func `keys are written in order`() {
        #expect((["b": 1, "a": ["d": 2, "c": .null]] as JSON).description == #"{"a":{"c":null,"d":2},"b":1}"#)
    }
}
