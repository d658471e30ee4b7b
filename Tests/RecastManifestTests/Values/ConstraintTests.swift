import RecastManifest
import Testing

@Suite struct ConstraintTests {
    @Test(
        arguments: [
            ("node.hostname == db-1", .hostname, true, "db-1"), ("node.hostname==db-1", .hostname, true, "db-1"),
            (" node.labels.role  !=  web ", .nodeLabel("role"), false, "web"), ("Node.ID == x", .id, true, "x"),
            ("node.labels.a.b-c == x y", .nodeLabel("a.b-c"), true, "x y"),
            ("node.role == manager", .role, true, "manager"),
            ("engine.labels.os == linux", .engineLabel("os"), true, "linux"),
            ("node.ip != 10.0.0.0/8", .address, false, "10.0.0.0/8"),
            ("node.platform.os == linux", .operatingSystem, true, "linux"),
            ("node.platform.arch == x86_64", .architecture, true, "x86_64"),
        ] as [(String, Constraint.Key, Bool, String)])
    func `key, operator and value`(text: String, key: Constraint.Key, isEqual: Bool, value: String) throws {
        let constraint = try Constraint(text)
        #expect(constraint.key == key)
        #expect(constraint.isEqual == isEqual)
        #expect(constraint.value == value)
    }

    @Test func `the description has single spaces`() throws {
        #expect(try Constraint("node.labels.role!=web").description == "node.labels.role != web")
    }

    @Test(arguments: [
        ("node.labels.role == web", true), ("node.labels.role == WEB", true), ("node.labels.role != web", false),
        ("node.labels.Role == web", false), ("node.labels.none != web", true), ("node.labels.none == web", false),
        ("node.hostname == A-1", true), ("node.hostname != b", true), ("node.role == manager", true),
        ("node.ip == 10.1.2.3", true), ("node.ip == 10.1.0.0/16", true), ("node.ip == 10.1.3.0/23", true),
        ("node.ip == 10.1.4.0/23", false), ("node.ip != ::/0", true), ("engine.labels.x == y", true),
        ("node.id == z", false),
    ])
    func `a host matches by value, whatever the case`(text: String, matches: Bool) throws {
        var facts = Constraint.Facts(hostname: "a-1", labels: ["role": "web"])
        facts.role = "manager"
        facts.address = "10.1.2.3"
        facts.engineLabels = ["x": "y"]
        #expect(try Constraint(text).matches(facts) == matches)
    }

    @Test func `name and labels are enough`() throws {
        let constraint = try Constraint("node.labels.zone == eu")
        #expect(constraint.matches(hostname: "a", labels: ["zone": "eu"]))
        #expect(!constraint.matches(hostname: "a", labels: [:]))
        #expect(try !Constraint("node.ip == 10.0.0.1").matches(hostname: "a", labels: [:]))
    }

    @Test(
        arguments: [
            "▸", "▸node.hostname", "disktype▸=ssd", "node.labels.a ==▸", "▸== x", "▸node.lables.role == web",
            "▸node.labels. == x",
            "▸node.host == x", "▸hostname == x", "node.hostname == a▸>b", "node.ip == ▸10.0.0", "node.hostname == ▸é",
        ] as [MarkedOffset])
    func `anything else is a fault at its place`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try Constraint(text) }
    }

    @Test(
        arguments: [
            ("▸node.lables.role == web", "did you mean 'node.labels.role'?"),
            ("▸node.hostnam == x", "did you mean 'node.hostname'?"),
            ("disktype▸=ssd", "write '=='"), ("▸node.platform.os. == x", "did you mean 'node.platform.os'?"),
        ] as [(MarkedOffset, String)])
    func `a slip is mended in the help`(text: MarkedOffset, help: String) {
        #expect(text.expectFault { text throws(GrammarError) in try Constraint(text) }?.help == help)
    }
}

@Suite struct SuggestionTests {
    @Test(
        arguments: [
            ("enviroment", "environment"), ("imgae", "image"), ("volume", "volumes"), ("prots", "ports"), ("zzz", nil),
            ("ab", nil),
            ("cmd", nil), ("image", "image"), ("port", "ports"), ("", nil),
        ] as [(String, String?)])
    func `the nearest word within two edits and a third of the length`(word: String, meant: String?) {
        #expect(Suggestion.nearest(to: word, among: ["environment", "image", "volumes", "ports", "ac"]) == meant)
    }

    @Test func `of two equally near the first is taken`() {
        #expect(Suggestion.nearest(to: "abcx", among: ["abcy", "abcz"]) == "abcy")
    }
}
