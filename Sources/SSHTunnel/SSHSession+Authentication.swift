import CSSH2
import NIOCore

/// Where a signature of the one key that is tried stands.
enum SigningState {
    case idle
    /// The library wants these bytes signed.
    case wanted(data: [UInt8])
    /// The raw signature, or nil when there is none.
    case answered([UInt8]?)
}

/// What came of an attempt to authenticate.
enum AuthenticationStep: Sendable {
    case accepted
    case refused(reason: String)
    /// The attempt goes on when the data has been signed.
    case sign(data: [UInt8])
}

extension SSHSession {
    /// The methods that the server wants, or nil when it wants none at all.
    func authenticationMethods(user: String) -> EventLoopFuture<[String]?> {
        perform { [unowned self] in
            guard let handle = unsafe handle else { return nil }
            if let list = unsafe libssh2_userauth_list(handle, user, UInt32(user.utf8.count)) {
                return .some(unsafe String(cString: list).split(separator: ",").map(String.init))
            }
            if unsafe libssh2_userauth_authenticated(handle) == 1 { return .some(nil) }
            let result = unsafe libssh2_session_last_errno(handle)
            guard result == LibSSH2.wouldBlock else { throw lost(result) }
            if transportEnded { throw lost(LIBSSH2_ERROR_SOCKET_DISCONNECT) }
            return nil
        }
    }

    /// Tries a key that the library itself can use.
    ///
    /// libssh2 1.10 looks for the end of the key with `strlen`, although it is told the length.
    func authenticate(user: String, privateKey: [UInt8]) -> EventLoopFuture<AuthenticationStep> {
        let terminated = privateKey + [0]
        return unsafe attempt { handle in
            unsafe terminated.withUnsafeBytes { key in
                unsafe libssh2_userauth_publickey_frommemory(
                    handle, user, user.utf8.count, nil, 0,
                    key.baseAddress?.assumingMemoryBound(to: CChar.self), privateKey.count, nil)
            }
        }
    }

    /// Tries a key that somebody else signs with; called again when the signature is in `signing`.
    func authenticate(user: String, publicKey: [UInt8]) -> EventLoopFuture<AuthenticationStep> {
        unsafe attempt { handle in
            unsafe publicKey.withUnsafeBufferPointer { key in
                unsafe libssh2_userauth_publickey(
                    handle, user, key.baseAddress, key.count, SSHSession.sign, nil)
            }
        }
    }

    private func attempt(_ call: @escaping (OpaquePointer) -> Int32) -> EventLoopFuture<AuthenticationStep> {
        perform { [unowned self] in
            guard let handle = unsafe handle else { return nil }
            let result = unsafe call(handle)
            switch result {
            case 0:
                return .accepted
            case LibSSH2.wouldBlock:
                if case .wanted(let data) = signing { return .sign(data: data) }
                if transportEnded { throw lost(LIBSSH2_ERROR_SOCKET_DISCONNECT) }
                return nil
            default:
                if transportEnded { throw lost(LIBSSH2_ERROR_SOCKET_DISCONNECT) }
                return .refused(reason: SSHSession.reason(result, lastWords))
            }
        }
    }

    private static func reason(_ result: Int32, _ words: String) -> String {
        switch result {
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED: "refused"
        case LIBSSH2_ERROR_FILE, LIBSSH2_ERROR_PROTO: "the key cannot be read"
        default: words.lowercased()
        }
    }

    /// Called by the library when it needs a signature; asks to be called again until there is one.
    private static let sign:
        @convention(c) (
            OpaquePointer?, UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?, UnsafeMutablePointer<Int>?,
            UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> Int32 = { handle, signature, signatureCount, data, count, _ in
            guard let handle = unsafe handle,
                let session = unsafe LibSSH2.owner(libssh2_session_abstract(handle))
            else { return -1 }
            switch session.signing {
            case .idle, .wanted:
                session.signing = .wanted(data: unsafe [UInt8](UnsafeBufferPointer(start: data, count: count)))
                return LibSSH2.wouldBlock
            case .answered(nil):
                session.signing = .idle
                return -1
            case .answered(let answer?):
                session.signing = .idle
                guard let copy = unsafe LibSSH2.allocate(answer) else { return -1 }
                unsafe signature?.pointee = copy
                unsafe signatureCount?.pointee = answer.count
                return 0
            }
        }
}
