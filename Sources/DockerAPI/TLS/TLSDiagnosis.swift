#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds out why an engine cannot be reached over TLS, after it could not.
struct TLSDiagnosis {
    let endpoint: EngineEndpoint
    let host: String
    let tls: EngineTLS
    private let material: TLSMaterial
    private let probe: TLSProbe

    /// `nil` where no TLS is spoken.
    init?(_ endpoint: EngineEndpoint) throws {
        guard case .tls(let host, let port, let tls) = endpoint else { return nil }
        self.endpoint = endpoint
        self.host = host
        self.tls = tls
        material = try TLSMaterial(tls)
        probe = TLSProbe(
            host: host, port: port, expectedName: tls.expectedName(at: host), configuration: material.configuration)
    }

    /// The error with its reason, or as it was where there is none to be found.
    func explained(_ error: EngineError) async -> EngineError {
        switch error.code {
        case .certificateUntrusted: return await explainedDistrust(error)
        case .certificateMismatch: return await explainedMismatch(error)
        case .clientCertificate: return refused(error, reason: error.message)
        case .connectionLost:
            guard let found = await probe.error(), let failure = TLSFailure(found),
                case .clientCertificate(let reason) = failure
            else { return error }
            return refused(error, reason: reason)
        default: return error
        }
    }

    private func explainedDistrust(_ error: EngineError) async -> EngineError {
        let now = Date.now
        let chain = await probe.presentedChain()
        if let own = chain.first, let problem = CertificateFacts(certificate: own).problem(at: now) {
            return replaced(error, .certificateExpired, "the certificate of \(endpoint) \(problem)")
        }
        if let problem = chain.dropFirst().compactMap({ CertificateFacts(certificate: $0).problem(at: now) }).first {
            return replaced(
                error, .certificateExpired, "a certificate that signed the one of \(endpoint) \(problem)")
        }
        if let problem = material.authorities.compactMap({ CertificateFacts(certificate: $0).problem(at: now) }).first {
            return replaced(
                error, .certificateExpired,
                "the authority in \(tls.authorityName), which is to vouch for \(endpoint), \(problem)")
        }
        return replaced(
            error, .certificateUntrusted,
            "the certificate of \(endpoint) is not signed by an authority in \(tls.authorityName)")
    }

    private func explainedMismatch(_ error: EngineError) async -> EngineError {
        let names = await probe.presentedChain().first.map { CertificateFacts(certificate: $0).names } ?? []
        let wanted = tls.serverName ?? host
        let known = names.isEmpty ? "names no host" : "is for \(names.joined(separator: ", "))"
        return replaced(
            error, .certificateMismatch, "the certificate of \(endpoint) \(known), not for '\(wanted)'")
    }

    private func refused(_ error: EngineError, reason: String) -> EngineError {
        guard let file = tls.certificateFile, let own = material.certificates.first else {
            return replaced(
                error, .clientCertificate,
                "\(endpoint) wants a client certificate, and none is given: it needs `cert` and `key` (\(reason))")
        }
        if let problem = CertificateFacts(certificate: own).problem(at: .now) {
            return replaced(error, .clientCertificate, "the client certificate '\(file)' \(problem)")
        }
        return replaced(
            error, .clientCertificate, "\(endpoint) does not accept the client certificate '\(file)': \(reason)")
    }

    private func replaced(_ error: EngineError, _ code: EngineError.Code, _ message: String) -> EngineError {
        EngineError(code, route: error.route, message: message)
    }
}
