import RecastTesting
import SSHAddressing
import Testing

struct SSHAddressTests {
    @Test(arguments: [
        ("ssh://web1", SSHAddress(user: nil, host: "web1", port: nil)),
        ("ssh://web1/", SSHAddress(user: nil, host: "web1", port: nil)),
        ("ssh://deploy@web1:2222", SSHAddress(user: "deploy", host: "web1", port: 2222)),
        ("ssh://a%40b@web1", SSHAddress(user: "a@b", host: "web1", port: nil)),
        ("ssh://root@[10.0.0.5]:22", SSHAddress(user: "root", host: "10.0.0.5", port: 22)),
        ("ssh://[::1]:22", SSHAddress(user: nil, host: "::1", port: 22)),
        ("ssh://[fe80::1%25eth0]", SSHAddress(user: nil, host: "fe80::1%eth0", port: nil)),
        (
            "ssh://web1/run/my%20docker.sock",
            SSHAddress(user: nil, host: "web1", port: nil, socketPath: "/run/my docker.sock")
        ),
        ("ssh://web1?via=libssh2", SSHAddress(user: nil, host: "web1", port: nil, transport: .libssh2)),
        (
            "ssh://u@h:1/s?via=openssh",
            SSHAddress(user: "u", host: "h", port: 1, socketPath: "/s", transport: .openssh)
        ),
    ])
    func `an address is read into its parts`(text: String, expected: SSHAddress) throws {
        #expect(try SSHAddress(text) == expected)
    }

    @Test(arguments: [
        ("http://web1", SSHAddressError.Problem.scheme),
        ("ssh://", .host("is empty")),
        ("ssh://-oProxyCommand=x", .host("begins with '-'")),
        ("ssh://%2doProxyCommand=x", .host("begins with '-'")),
        ("ssh://a b", .host("holds white space or a control character")),
        ("ssh://a%0ab", .host("holds white space or a control character")),
        ("ssh://a%E2%80%AEb", .host("holds white space or a control character")),
        ("ssh://a%2fb", .host("holds '/'")),
        ("ssh://a%40b", .host("holds '@'")),
        ("ssh://$(id)", .host("holds '$'")),
        ("ssh://::1", .host("is an IPv6 address without brackets")),
        ("ssh://[::1", .host("has a '[' without ']'")),
        ("ssh://[web1]", .host("in brackets is no IP address")),
        ("ssh://[::1]x", .host("has text after ']'")),
        ("ssh://-x@web1", .user("begins with '-'")),
        ("ssh://@web1", .user("is empty")),
        ("ssh://a;b@web1", .user("holds ';'")),
        ("ssh://u:secret@web1", .password),
        ("ssh://web1:0", .port("0")),
        ("ssh://web1:65536", .port("65536")),
        ("ssh://web1:", .port("")),
        ("ssh://web1:+22", .port("+22")),
        ("ssh://web1?via=telnet", .query("via=telnet")),
        ("ssh://web1?x", .query("x")),
        ("ssh://web1#x", .fragment),
        ("ssh://web%zz", .percentEncoding),
        ("ssh://web%ff", .percentEncoding),
        ("ssh://web1/a%00b", .socketPath("holds a control character")),
        ("ssh://web1/${HOME}", .socketPath("may not hold '${'")),
        ("ssh://web1/" + String(repeating: "a", count: 107), .socketPath("is longer than 107 bytes")),
    ])
    func `an address that could mislead ssh is refused`(text: String, problem: SSHAddressError.Problem) {
        #expect(throws: SSHAddressError(text: text, problem: problem)) { try SSHAddress(text) }
    }

    @Test func `random text is read or refused, and what is read is safe as an argument`() {
        var generator = SeededGenerator(seed: 7)
        let alphabet = Array("ssh://abc-@[]:%20$;/?via=#\u{7F}\n\u{202E}é0 ")
        var accepted = 0
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...20, using: &generator)
            let text = "ssh://" + String((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) })
            guard let address = try? SSHAddress(text) else { continue }
            accepted += 1
            #expect(address.host.first != "-" && address.user?.first != "-", "\(text)")
            #expect(
                !(address.host + (address.user ?? "")).contains { $0.isWhitespace || "\u{7F}\u{202E};".contains($0) })
            #expect(address.socketPath.hasPrefix("/") && address.socketPath.utf8.count <= 107)
        }
        #expect(accepted > 100)
    }

    @Test func `a message shows no control characters`() {
        let error = #expect(throws: SSHAddressError.self) { try SSHAddress("ssh://a\u{1B}[2J") }
        #expect(error?.description.contains("\u{1B}") == false)
    }
}
