import CSSH2
import NIOCore
import SSHWire

extension SSHSession {
    /// Exchanges keys and returns the server's; nothing is verified yet.
    func handshake(hostKeys: [String]) -> EventLoopFuture<SSHHostKey> {
        hasBegun = true
        if let failure { return loop.makeFailedFuture(failure) }
        guard let handle = unsafe handle else {
            return loop.makeFailedFuture(error(.localEndpoint, "libssh2 could not be started"))
        }
        offer = unsafe AlgorithmPreferences.apply(to: handle, hostKeys: hostKeys)
        return perform { [unowned self] in
            let result = unsafe libssh2_session_handshake(handle, LibSSH2.noSocket)
            // None of the host keys can be used: all that is left is to hear what the server has.
            if offer.hostKey.isEmpty, scanner.proposal != nil { throw noCommonAlgorithm() }
            if result == LibSSH2.wouldBlock {
                if transportEnded { throw handshakeError(LIBSSH2_ERROR_SOCKET_DISCONNECT) }
                return nil
            }
            guard result == 0 else { throw handshakeError(result) }
            return try unsafe hostKey(handle)
        }
    }

    private func hostKey(_ handle: OpaquePointer) throws -> SSHHostKey {
        var count = 0
        var type: Int32 = 0
        guard let key = unsafe libssh2_session_hostkey(handle, &count, &type) else {
            throw error(.protocolViolation, "the server showed no host key")
        }
        let blob = unsafe UnsafeRawBufferPointer(start: key, count: count).map { $0 }
        var reader = WireReader(blob)
        guard let name = reader.text() else {
            throw error(.protocolViolation, "the server's host key cannot be read")
        }
        return SSHHostKey(type: name, blob: blob)
    }

    private func handshakeError(_ result: Int32) -> SSHError {
        if scanner.stage == .lines || result == LIBSSH2_ERROR_BANNER_RECV { return notSSH() }
        if let server = scanner.proposal, !server.kindsWithout(offer).isEmpty { return noCommonAlgorithm() }
        if transportEnded {
            return error(
                .connectionLost, "the server closed the connection during the key exchange; its log may say why")
        }
        return error(.protocolViolation, "the key exchange failed (\(lastWords.lowercased()), \(result))")
    }

    private func noCommonAlgorithm() -> SSHError {
        let kinds = (scanner.proposal ?? ServerProposal()).kindsWithout(offer)
        let words = kinds.map { kind in
            "\(kind.kind): the server offers \(kind.offered.joined(separator: ", ")), this side "
                + (kind.wanted.isEmpty ? "nothing" : kind.wanted.joined(separator: ", "))
        }
        let version = unsafe libssh2_version(0).map { unsafe String(cString: $0) } ?? ""
        var found = error(
            .noCommonAlgorithm,
            "no algorithm is common to the server and libssh2 \(version); " + words.joined(separator: "; "))
        found.proposals = scanner.proposal.map { SSHError.Proposals(server: $0, offered: offer) }
        return found
    }
}
