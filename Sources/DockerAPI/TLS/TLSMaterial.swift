import NIOSSL
import SystemPackage

/// The certificates and the key that an `EngineTLS` names, read and checked.
struct TLSMaterial: Sendable {
    let configuration: TLSConfiguration
    let authorities: [NIOSSLCertificate]
    /// The client certificate first, then what it was signed with.
    let certificates: [NIOSSLCertificate]

    /// Reads the files.
    ///
    /// It throws `EngineError` with `badCertificateFile`, which names the file and what is wrong with it.
    init(_ tls: EngineTLS) throws {
        authorities = try tls.authorityFile.map(Self.certificates) ?? []
        certificates = try tls.certificateFile.map(Self.certificates) ?? []
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if !authorities.isEmpty { configuration.trustRoots = .certificates(authorities) }
        configuration.certificateChain = certificates.map { .certificate($0) }
        if let file = tls.keyFile { configuration.privateKey = .privateKey(try Self.key(in: file)) }
        self.configuration = configuration
        do {
            // The library compares key and certificate only here.
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Self.failure(
                "the key '\(tls.keyFile ?? "")' does not belong to the certificate '\(tls.certificateFile ?? "")'")
        }
    }

    private static func certificates(in file: String) throws -> [NIOSSLCertificate] {
        let bytes = try contents(of: file)
        guard let found = try? NIOSSLCertificate.fromPEMBytes(bytes), !found.isEmpty else {
            throw failure("'\(file)' holds no certificate in PEM form")
        }
        return found
    }

    private static func key(in file: String) throws -> NIOSSLPrivateKey {
        let bytes = try contents(of: file)
        if let key = try? NIOSSLPrivateKey(bytes: bytes, format: .pem) { return key }
        if String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED") {
            throw failure(
                "the key '\(file)' is locked with a passphrase, which is not supported;"
                    + " `openssl pkey -in FILE -out OTHER` unlocks it")
        }
        throw failure("'\(file)' holds no private key in PEM form")
    }

    private static func contents(of file: String) throws -> [UInt8] {
        do {
            return try NamedFile.contents(of: file)
        } catch let error as NamedFile.Problem {
            throw failure(error.sentence)
        }
    }

    private static func failure(_ message: String) -> EngineError {
        EngineError(.badCertificateFile, route: "", message: message)
    }
}
