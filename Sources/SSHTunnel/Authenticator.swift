import NIOCore
import SSHWire

/// Tries the identities of a hop one after another.
struct Authenticator {
    let session: SSHSession
    let hop: SSHHop

    func authenticate() async throws {
        let session = session
        let user = hop.user
        guard let methods = try await session.loop.flatSubmit({ session.authenticationMethods(user: user) }).get()
        else { return }
        var tried: [String] = []
        if methods.contains("publickey") {
            for identity in try await identities() {
                do {
                    guard let reason = try await refusal(of: identity) else { return }
                    tried.append("\(identity.name) (\(reason))")
                } catch let error as SSHError where error.code == .connectionLost {
                    throw refused(tried + ["\(identity.name) (the server closed the connection)"], methods)
                }
            }
        }
        throw refused(tried, methods)
    }

    private func identities() async throws -> [SSHIdentity] {
        do {
            return try await hop.identities()
        } catch {
            throw session.error(.identitiesUnavailable, "no identity can be read: \(error)", cause: error)
        }
    }

    private func refused(_ tried: [String], _ methods: [String]) -> SSHError {
        let list = tried.isEmpty ? "there was none to try" : "tried " + tried.joined(separator: ", ")
        return session.error(
            .noIdentityAccepted,
            "the server accepted no identity of user \(hop.user): \(list);"
                + " it offers the methods \(methods.joined(separator: ", "))")
    }

    /// Nil when the identity was accepted.
    private func refusal(of identity: SSHIdentity) async throws -> String? {
        let session = session
        let user = hop.user
        switch identity {
        case .key(_, let privateKey):
            let step = try await session.loop.flatSubmit {
                session.authenticate(user: user, privateKey: privateKey)
            }.get()
            if case .refused(let reason) = step { return reason }
            return nil
        case .signer(_, let publicKey, let sign):
            return try await refusal(of: publicKey, sign)
        case .deferred(_, let load):
            let loaded: SSHIdentity
            do { loaded = try await load() } catch {
                try Task.checkCancellation()
                return "\(error)"
            }
            return try await refusal(of: loaded)
        }
    }

    private func refusal(
        of publicKey: [UInt8], _ sign: @Sendable ([UInt8], String) async throws -> [UInt8]
    ) async throws -> String? {
        var reason = "refused"
        for blob in SignedData.blobs(of: publicKey) {
            let (step, problem) = try await attempt(blob, sign)
            switch step {
            case .accepted: return nil
            case .refused(let words): reason = problem ?? words
            case .sign: reason = "the server asked for a second signature"
            }
        }
        return reason
    }

    private func attempt(
        _ blob: [UInt8], _ sign: @Sendable ([UInt8], String) async throws -> [UInt8]
    ) async throws -> (AuthenticationStep, problem: String?) {
        let session = session
        let user = hop.user
        var problem: String?
        var step = try await session.loop.flatSubmit { session.authenticate(user: user, publicKey: blob) }.get()
        if case .sign(let data) = step {
            var signature: [UInt8]?
            do {
                signature = try await sign(data, SignedData.algorithm(of: data) ?? "")
            } catch {
                problem = "no signature: \(error)"
            }
            let answer = signature
            step = try await session.loop.flatSubmit {
                session.signing = .answered(answer)
                return session.authenticate(user: user, publicKey: blob)
            }.get()
        }
        return (step, problem)
    }
}

/// The formats around a signature, RFC 4252 section 7.
enum SignedData {
    /// The algorithm that data to be signed names.
    static func algorithm(of data: [UInt8]) -> String? {
        var reader = WireReader(data)
        guard reader.string() != nil, reader.byte() != nil, reader.string() != nil, reader.string() != nil,
            reader.string() != nil, reader.byte() != nil
        else { return nil }
        return reader.text()
    }

    /// The forms of a public key to try.
    ///
    /// libssh2 names the algorithm after the type inside the key. An RSA key is therefore shown under the names of its
    /// SHA-2 signatures (RFC 8332), which OpenSSH reads as RSA keys.
    static func blobs(of publicKey: [UInt8]) -> [[UInt8]] {
        var reader = WireReader(publicKey)
        guard let type = reader.text(), type == "ssh-rsa" else { return [publicKey] }
        let rest = publicKey.dropFirst(4 + type.utf8.count)
        return ["rsa-sha2-512", "rsa-sha2-256"].map { WireWriter.string($0.utf8) + rest }
    }
}
