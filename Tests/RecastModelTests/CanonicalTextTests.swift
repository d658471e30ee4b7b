import RecastModel
import Testing

@Suite struct CanonicalTextTests {
    @Test(arguments: [
        ("/a//b/../c/", "/a/c"), ("/", "/"), ("", ""), ("/..", "/"), ("a/./b", "a/b"), ("..", ".."), ("/app/", "/app"),
        ("./", "."),
    ])
    func `paths are cleaned as the engine cleans them`(path: String, clean: String) {
        #expect(CanonicalText.path(path) == clean)
    }

    @Test(arguments: [("net_admin", "CAP_NET_ADMIN"), ("CAP_CHOWN", "CAP_CHOWN"), ("all", "ALL")])
    func `capabilities have one spelling`(text: String, canonical: String) {
        #expect(CanonicalText.capability(text) == canonical)
    }

    @Test(arguments: [("15", "TERM"), ("SIGTERM", "TERM"), ("term", "TERM"), ("sigusr1", "USR1"), ("9", "KILL")])
    func `signals have one spelling`(text: String, canonical: String) {
        #expect(CanonicalText.signal(text) == canonical)
    }

    @Test(arguments: [("0-2,5", "0,1,2,5"), ("1,0", "0,1"), ("", ""), ("x", "x"), ("3-1", "3-1")])
    func `sets of processors have one spelling`(text: String, canonical: String) {
        #expect(CanonicalText.cpuSet(text) == canonical)
    }

    @Test(arguments: [
        ("::1", "0:0:0:0:0:0:0:1"), ("[::1]", "0:0:0:0:0:0:0:1"), ("::", "0:0:0:0:0:0:0:0"),
        ("FD00::AB", "fd00:0:0:0:0:0:0:ab"), ("::ffff:1.2.3.4", "0:0:0:0:0:ffff:102:304"), ("127.0.0.1", "127.0.0.1"),
        ("", ""), ("1::2::3", "1::2::3"),
    ])
    func `addresses have one spelling`(text: String, canonical: String) {
        #expect(CanonicalText.address(text) == canonical)
    }

    @Test(arguments: [
        ("90", ["90/tcp"]), ("91/TCP", ["91/tcp"]), ("80-82/udp", ["80/udp", "81/udp", "82/udp"]), ("x", []),
        ("9-8", []),
    ])
    func `exposed ports are expanded`(text: String, ports: [String]) {
        #expect(CanonicalText.exposedPorts(text) == ports)
    }

    @Test(arguments: [
        ("no-new-privileges:true", "no-new-privileges"), ("no-new-privileges", "no-new-privileges"),
        ("apparmor:unconfined", "apparmor=unconfined"), ("label=disable", "label=disable"),
        ("seccomp={\"a\":1}", "seccomp={\"a\":1}"),
    ])
    func `security options have one spelling`(text: String, canonical: String) {
        #expect(CanonicalText.securityOption(text) == canonical)
    }

    @Test func `a list survives quotes, commas and line feeds`() {
        #expect(CanonicalText.list(["a", "b\"c", "d,e", "f\ng"]) == #"["a","b\"c","d,e","f\ng"]"#)
        #expect(CanonicalText.list(["a,b"]) != CanonicalText.list(["a", "b"]))
        #expect(CanonicalText.list(["a\",\"b"]) != CanonicalText.list(["a", "b"]))
    }
}
