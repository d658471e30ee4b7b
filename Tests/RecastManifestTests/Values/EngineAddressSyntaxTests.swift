import RecastModel
import SSHAddressing
import Testing

@testable import RecastManifest

@Suite struct EngineAddressSyntaxTests {
    @Test(
        arguments: [
            ("unix:///run/./docker.sock", EngineAddress.unix(path: "/run/docker.sock")),
            ("tcp://10.0.0.5:2375", .tcp(host: "10.0.0.5", port: 2375)),
            ("tcp://Docker.example/", .tcp(host: "docker.example", port: nil)),
            ("tcp://[fd00::5]:2376", .tcp(host: "fd00::5", port: 2376)), ("tcp://[::1]", .tcp(host: "::1", port: nil)),
            ("context:prod_1.eu+x", .context(name: "prod_1.eu+x")),
            ("ssh://web-1", .ssh(SSHAddress(host: "web-1"))), ("ssh://web-1/", .ssh(SSHAddress(host: "web-1"))),
            ("ssh://deploy@web-1:2222", .ssh(SSHAddress(user: "deploy", host: "web-1", port: 2222))),
            ("ssh://a%40b@[fd00::5]:22", .ssh(SSHAddress(user: "a@b", host: "fd00::5", port: 22))),
            ("ssh://a/run/user/1000/d%20x.sock", .ssh(SSHAddress(host: "a", socketPath: "/run/user/1000/d x.sock"))),
            ("ssh://a?via=openssh", .ssh(SSHAddress(host: "a", transport: .openssh))),
            (
                "ssh://u@a:1/s.sock?via=libssh2",
                .ssh(SSHAddress(user: "u", host: "a", port: 1, socketPath: "/s.sock", transport: .libssh2))
            ),
        ])
    func `an address is read`(text: String, address: EngineAddress) throws {
        #expect(try EngineAddressSyntax.parse(text) == address)
    }

    @Test(arguments: [
        "▸", "▸host:2375", "▸/var/run/docker.sock", "▸http://host:2375", "▸unix://", "▸unix://relative/path",
        "▸unix:///",
        "▸tcp://", "▸tcp://host:", "▸tcp://host:0", "▸tcp://host:65536", "▸tcp://host:x", "▸tcp://[::1",
        "▸tcp://::1:2375",
        "▸tcp://user@host:1", "▸tcp://host:1/path", "▸tcp://-host:1", "▸ssh://", "▸ssh://-oProxyCommand=x",
        "▸ssh://-l@host", "▸ssh://%2Dl@host", "▸ssh://user:secret@host", "▸ssh://us er@host", "▸ssh://@host",
        "▸ssh://user@ho st", "▸ssh://host/a%zz", "▸ssh://host/a%0a", "▸ssh://host/%ff", "▸ssh://host/x?via=opensh",
        "▸ssh://host?x=1", "▸ssh://host?", "▸ssh://host:0", "context:▸", "context:▸-x", "context:▸a/b",
    ])
    func `what is no address is refused where it goes wrong`(marked: MarkedOffset) {
        marked.expectFault { text throws(GrammarError) in try EngineAddressSyntax.parse(text) }
    }

    @Test func `a socket's path is not longer than an address of one`() {
        let path = "/" + String(repeating: "x", count: 107)
        #expect(throws: GrammarError.self) { try EngineAddressSyntax.parse("unix://\(path)") }
        #expect(throws: GrammarError.self) { try EngineAddressSyntax.parse("ssh://host\(path)") }
        #expect(throws: Never.self) { try EngineAddressSyntax.parse("unix://\(path.dropLast())") }
    }
}
