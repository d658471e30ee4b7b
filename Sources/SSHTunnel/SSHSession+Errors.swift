import CSSH2

extension SSHSession {
    func error(_ code: SSHError.Code, _ message: String, cause: (any Error)? = nil) -> SSHError {
        SSHError(code, host: host, message, cause: cause)
    }

    func notSSH() -> SSHError {
        let said = scanner.excerpt
        guard !said.isEmpty else {
            return error(.notSSH, "the server closed the connection without a word; is an SSH server on this port?")
        }
        return error(.notSSH, "this is no SSH server: it said \"\(said)\"; check the port")
    }

    /// The library's own words about its latest error.
    var lastWords: String {
        guard let handle = unsafe handle else { return "" }
        var text: UnsafeMutablePointer<CChar>?
        unsafe libssh2_session_last_error(handle, &text, nil, 0)
        return unsafe text.map { unsafe String(cString: $0) } ?? ""
    }

    func lost(_ result: Int32) -> SSHError {
        switch result {
        case LIBSSH2_ERROR_SOCKET_RECV, LIBSSH2_ERROR_SOCKET_DISCONNECT, LIBSSH2_ERROR_SOCKET_SEND:
            error(.connectionLost, "the connection was closed")
        default:
            error(.protocolViolation, "the server broke the protocol (\(lastWords.lowercased()), \(result))")
        }
    }
}
