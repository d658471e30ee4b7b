import RecastManifest
import RecastModel
import Testing

@Suite struct PortSyntaxTests {
    private func outline(_ ports: [PublishedPort]) -> [String] {
        ports.map { "\($0.hostAddress)|\($0.hostPort)|\($0.port)" }
    }

    @Test(
        arguments: [
            ("80", ["||80/tcp"]), ("80:8080", ["|80|8080/tcp"]), ("8080:80/tcp", ["|8080|80/tcp"]),
            ("53:53/UDP", ["|53|53/udp"]),
            ("53/sctp", ["||53/sctp"]), ("1.1.1.1:80:80", ["1.1.1.1|80|80/tcp"]),
            ("127.0.0.1::80", ["127.0.0.1||80/tcp"]),
            (":80", ["||80/tcp"]), ("[::1]:80:80", ["::1|80|80/tcp"]), ("[::]::80", ["::||80/tcp"]),
            ("8080:080", ["|8080|80/tcp"]),
            ("0.0.0.0:80:80", ["0.0.0.0|80|80/tcp"]), ("80/", ["||80/tcp"]),
            ("80-82", ["||80/tcp", "||81/tcp", "||82/tcp"]), ("80-90:8080", ["|80-90|8080/tcp"]),
            ("80-80:8080", ["|80|8080/tcp"]),
            ("80-81:8080-8081/udp", ["|80|8080/udp", "|81|8081/udp"]),
        ] as [(String, [String])])
    func `the short syntax`(text: String, ports: [String]) throws {
        #expect(outline(try PortSyntax.parse(text)) == ports)
    }

    @Test(
        arguments: [
            "▸", "80:▸", "▸tcp", "80/▸xyz", "▸0", "▸0:80", "80:▸70000", "▸70000:80", "▸9999999", "▸90-80:1",
            "80:▸81-80",
            "▸80-82:80-81", "▸80-81:80-90", "▸localhost:80:80", "▸127.0.0.1:80", "▸::1:80:80", "▸[127.0.0.1]:80:80",
            "▸[::1:80:80", "▸1.2.3:80:80", "80:▸ 80", "▸-1:80", "80-▸:80", "▸+80", "▸99999999999999999999", "▸::80",
        ] as [MarkedOffset])
    func `anything else is a fault at its place`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try PortSyntax.parse(text) }
    }

    @Test func `an address where a port belongs gets both ways to write it`() {
        let text: MarkedOffset = "▸127.0.0.1:80"
        let help = text.expectFault { text throws(GrammarError) in try PortSyntax.parse(text) }?.help
        #expect(help == "write 127.0.0.1:HOST:CONTAINER, or 127.0.0.1::CONTAINER for any free host port")
    }

    @Test func `the syntax of expose has no host part`() throws {
        #expect(try PortSyntax.parseExposed("3000") == [ContainerPort(3000)])
        #expect(try PortSyntax.parseExposed("53/udp") == [ContainerPort(53, .udp)])
        #expect(try PortSyntax.parseExposed("8000-8002").map(\.number) == [8000, 8001, 8002])
        for text in ["▸80:80", "▸:80", "▸", "▸0", "▸127.0.0.1::80"] as [MarkedOffset] {
            text.expectFault { text throws(GrammarError) in try PortSyntax.parseExposed(text) }
        }
    }

    @Test func `random text does not crash, and ports are ports`() {
        let pieces = ["8", "0", "65535", ":", "-", "/", "[", "]", "1.1.1.1", "::1", "tcp", "udp", " ", "é"]
        for seed in UInt64(0)..<5000 {
            var generator = ValuesGenerator(seed: seed)
            let text = generator.text(of: pieces, upTo: 8)
            let ports = (try? PortSyntax.parse(text)) ?? []
            #expect(ports.allSatisfy { (1...65535).contains($0.port.number) }, "seed \(seed)")
        }
    }
}
