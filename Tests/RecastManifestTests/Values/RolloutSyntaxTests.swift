import RecastManifest
import RecastModel
import Testing

/// The short texts of `x-recast`.
@Suite struct RolloutSyntaxTests {
    @Test(
        arguments: [
            ("0", .count(0)), ("3", .count(3)), ("007", .count(7)), ("1%", .percent(1)), ("100%", .percent(100)),
        ] as [(String, RolloutPolicy.Parallelism)])
    func `a number or a percentage`(text: String, parallelism: RolloutPolicy.Parallelism) throws {
        #expect(try ParallelismSyntax.parse(text) == parallelism)
    }

    @Test(
        arguments: [
            "▸", "▸%", "▸-1", "▸+1", "▸0%", "▸101%", "▸2.5%", "▸25 %", "▸%25", "▸half", "▸99999999999999999999",
        ]
            as [MarkedOffset])
    func `no other number of instances`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try ParallelismSyntax.parse(text) }
    }

    @Test(arguments: [
        ("8080/health", 8080, "/health"), (":8080/health", 8080, "/health"), ("80", 80, "/"), (":80/", 80, "/"),
        ("http://localhost:81/a/b?c=d", 81, "/a/b?c=d"), ("http://localhost", 80, "/"),
        ("http://127.0.0.1/x", 80, "/x"),
        ("http://[::1]:65535", 65535, "/"), ("HTTP://localhost:1/A", 1, "/A"), ("1//", 1, "//"), ("1/%20", 1, "/%20"),
    ])
    func `an address inside the container`(text: String, port: Int, path: String) throws {
        #expect(try HTTPProbeSyntax.parse(text) == .http(port: port, path: path))
    }

    @Test(
        arguments: [
            "▸", ":▸", "▸/health", ":▸/health", "▸localhost:80/x", "▸0/x", "▸65536", "▸8080x", "8080▸?a=b", "80/a▸ b",
            "80/a▸#b", "80/▸é", "80/a▸\r\nHost: x", "▸https://localhost/x", "▸tcp://localhost:80",
            "http://▸example.com/x",
            "http://▸10.0.0.1:80", "http://▸localhost:0/x", "http://▸/x", "http://▸localhost:80:80", ":▸:80",
        ] as [MarkedOffset])
    func `no other address`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try HTTPProbeSyntax.parse(text) }
    }

    @Test func `random text does not crash, and what is read is fit for a request`() {
        let pieces = ["8", "80", "0", "/", ":", "?", "#", " ", "\n", "http://", "localhost", "é", "%", "a", "[::1]"]
        var read = 0
        for seed in UInt64(0)..<5000 {
            var generator = ValuesGenerator(seed: seed)
            let text = generator.text(of: pieces, upTo: 8)
            guard case .http(let port, let path) = try? HTTPProbeSyntax.parse(text) else { continue }
            read += 1
            #expect((1...65535).contains(port) && path.hasPrefix("/"), "seed \(seed)")
            #expect(path.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "seed \(seed)")
        }
        #expect(read > 100)
    }

    @Test func `what is printed of a number or an address is read back`() throws {
        for number in 0...200 { #expect(try ParallelismSyntax.parse("\(number)") == .count(number)) }
        for share in 1...100 { #expect(try ParallelismSyntax.parse("\(share)%") == .percent(share)) }
        for port in stride(from: 1, through: 65535, by: 97) {
            for form in ["\(port)/a", ":\(port)/a", "http://localhost:\(port)/a"] {
                #expect(try HTTPProbeSyntax.parse(form) == .http(port: port, path: "/a"))
            }
        }
    }
}
