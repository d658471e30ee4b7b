import DockerAPI
import NIOSSL
import RecastTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct TLSTests {
    /// The error of a connection to 127.0.0.1, or of one to a name that leads there; `nil`: it went well.
    private func failure(port: Int, host: String = "127.0.0.1", _ tls: EngineTLS) async throws -> EngineError? {
        try await engineError {
            try await EngineNetwork.withNetwork { network in
                _ = try await EngineReader.connect(
                    to: .tls(host: host, port: port, tls), over: network, timeout: .seconds(60))
            }
        }
    }

    @Test(arguments: [("IP:127.0.0.1", "127.0.0.1"), ("DNS:localhost", "localhost")])
    func `a certificate is good for the address or name that it has`(names: String, host: String) async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let own = try await certificates.certificate("server", for: names, by: ca)
            try await TLSServer.with(own) { port in
                let error = try await failure(port: port, host: host, EngineTLS(authorityFile: ca.certificate))
                #expect(error == nil)
            }
        }
    }

    @Test func `a server name stands in for the address`() async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let own = try await certificates.certificate("server", for: "DNS:docker.example.com", by: ca)
            try await TLSServer.with(own) { port in
                let named = EngineTLS(authorityFile: ca.certificate, serverName: "docker.example.com")
                #expect(try await failure(port: port, named) == nil)
                let other = EngineTLS(authorityFile: ca.certificate, serverName: "other.example.com")
                let error = try await failure(port: port, other)
                #expect(error?.code == .certificateMismatch)
                #expect(error?.message.hasSuffix("is for docker.example.com, not for 'other.example.com'") ?? false)
            }
        }
    }

    @Test(arguments: [("127.0.0.1", "DNS:localhost,IP:10.1.2.3"), ("localhost", "DNS:docker,IP:127.0.0.1")])
    func `a certificate for others is refused, with its names`(host: String, names: String) async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let own = try await certificates.certificate("server", for: names, by: ca)
            try await TLSServer.with(own) { port in
                let error = try await failure(port: port, host: host, EngineTLS(authorityFile: ca.certificate))
                #expect(error?.code == .certificateMismatch)
                let known = names.replacing("DNS:", with: "").replacing("IP:", with: "").replacing(",", with: ", ")
                #expect(
                    error?.message.hasSuffix("is for \(known), not for '\(host)'") ?? false, "\(error?.message ?? "")")
            }
        }
    }

    @Test func `an unknown authority is refused, with the file that does not have it`() async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let other = try await certificates.authority("other")
            let own = try await certificates.certificate("server", by: other)
            try await TLSServer.with(own) { port in
                let error = try await failure(port: port, EngineTLS(authorityFile: ca.certificate))
                #expect(error?.code == .certificateUntrusted)
                #expect(error?.message.contains("'\(ca.certificate)'") ?? false)
                let system = try await failure(port: port, EngineTLS())
                #expect(system?.code == .certificateUntrusted)
                #expect(system?.message.contains("the list of this system") ?? false)
            }
        }
    }

    @Test func `what has expired is told, with its date`() async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let old = try await certificates.certificate("server", days: -1, by: ca)
            try await TLSServer.with(old) { port in
                let error = try await failure(port: port, EngineTLS(authorityFile: ca.certificate))
                #expect(error?.code == .certificateExpired)
                let start = "the certificate of tcp://127.0.0.1:\(port) expired on 20"
                #expect(error?.message.hasPrefix(start) ?? false, "\(error?.message ?? "")")
            }
            let oldAuthority = try await certificates.authority("oldca", days: -1)
            let own = try await certificates.certificate("server2", by: oldAuthority)
            try await TLSServer.with(own) { port in
                let error = try await failure(port: port, EngineTLS(authorityFile: oldAuthority.certificate))
                #expect(error?.code == .certificateExpired)
                #expect(error?.message.hasPrefix("the authority in '\(oldAuthority.certificate)'") ?? false)
            }
        }
    }

    @Test(arguments: [nil, TLSVersion.tlsv12])
    func `a client without a certificate is told that it needs one`(newest: TLSVersion?) async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let own = try await certificates.certificate("server", by: ca)
            try await TLSServer.with(own, clients: ca.certificate, newest: newest) { port in
                let error = try await failure(port: port, EngineTLS(authorityFile: ca.certificate))
                #expect(error?.code == .clientCertificate)
                #expect(error?.message.contains("it needs `cert` and `key`") ?? false, "\(error?.message ?? "")")
            }
        }
    }

    @Test func `a client certificate is shown, and one of another authority is refused`() async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let other = try await certificates.authority("other")
            let own = try await certificates.certificate("server", by: ca)
            let clients = [
                try await certificates.certificate("good", by: ca),
                try await certificates.certificate("bad", by: other),
                try await certificates.certificate("old", days: -1, by: ca),
            ].map {
                EngineTLS(authorityFile: ca.certificate, certificateFile: $0.certificate, keyFile: $0.key)
            }
            try await TLSServer.with(own, clients: ca.certificate) { port in
                #expect(try await failure(port: port, clients[0]) == nil)
                let refused = try await failure(port: port, clients[1])
                #expect(refused?.code == .clientCertificate)
                #expect(refused?.message.contains("does not accept the client certificate") ?? false)
                let old = try await failure(port: port, clients[2])
                #expect(old?.message.contains("old.pem' expired on") ?? false, "\(old?.message ?? "")")
            }
        }
    }

    @Test func `files that cannot be used are named`() async throws {
        try await TestCertificates.with { certificates in
            let ca = try await certificates.authority()
            let one = try await certificates.certificate("one", by: ca)
            let two = try await certificates.certificate("two", by: ca)
            let garbage = try certificates.write("-----BEGIN CERTIFICATE-----\nxx\n", to: "garbage.pem")
            let locked = "\(certificates.folder)/locked.key"
            try await certificates.openssl(["pkey", "-in", one.key, "-aes256", "-passout", "pass:x", "-out", locked])
            let cases: [(EngineTLS, String)] = [
                (EngineTLS(authorityFile: "/nowhere/ca.pem"), "there is no file '/nowhere/ca.pem'"),
                (EngineTLS(authorityFile: garbage), "'\(garbage)' holds no certificate in PEM form"),
                (EngineTLS(authorityFile: "/"), "'/' cannot be read: Is a directory"),
                (
                    EngineTLS(certificateFile: one.certificate, keyFile: garbage),
                    "'\(garbage)' holds no private key in PEM form"
                ),
                (
                    EngineTLS(certificateFile: one.certificate, keyFile: two.key),
                    "the key '\(two.key)' does not belong to the certificate '\(one.certificate)'"
                ),
                (EngineTLS(certificateFile: one.certificate, keyFile: locked), "the key '\(locked)' is locked with a"),
            ]
            for (tls, message) in cases {
                let error = try await failure(port: 1, tls)
                #expect(error?.code == .badCertificateFile)
                #expect(error?.message.hasPrefix(message) ?? false, "\(error?.message ?? "")")
            }
        }
    }

    @Test func `TLS to a port without it says so`() async throws {
        let spoken = try await TLSServer.withPlainText { try await failure(port: $0, EngineTLS()) }
        #expect(spoken?.code == .protocolMismatch, "\(spoken?.message ?? "")")
    }

    @Test func `plain HTTP to a port with TLS says so`() async throws {
        let answer = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
        let error = try await engineError {
            try await withAnswer(answer) { _ = try await EngineReader.connect(to: $0, over: $1, timeout: .seconds(60)) }
        }
        #expect(error?.code == .protocolMismatch)
    }
}
