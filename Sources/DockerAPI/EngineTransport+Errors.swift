import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension EngineTransport {
    /// What went wrong below HTTP, in the terms of this API.
    func translated(_ error: any Error, _ call: Call) -> EngineError {
        if let failure = TLSFailure(error) { return translated(failure, error, call) }
        return switch error {
        case let error as HTTPClientError where error == .tlsHandshakeTimeout:
            EngineError(
                .unreachable, route: call.route, message: "\(endpoint) did not finish the TLS handshake in time")
        case let error as HTTPClientError where [.connectTimeout, .getConnectionFromPoolTimeout].contains(error):
            EngineError(.unreachable, route: call.route, message: "\(endpoint) did not accept a connection in time")
        case let error as HTTPClientError where [.readTimeout, .deadlineExceeded].contains(error):
            EngineError(.timedOut, route: call.route, message: "\(endpoint) did not answer within \(limit(call))")
        case is NIOTooManyBytesError:
            EngineError(.undecodable, route: call.route, message: "the engine's answer is too large")
        case is HTTPClientError, is ChannelError, is HTTPParserError:
            EngineError(.connectionLost, route: call.route, message: "\(endpoint) closed the connection (\(error))")
        case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode):
            EngineError(.connectionLost, route: call.route, message: "\(endpoint) reset the connection")
        default:
            EngineError(.unreachable, route: call.route, message: "\(endpoint) is not reachable: \(reason(of: error))")
        }
    }

    private func translated(_ failure: TLSFailure, _ error: any Error, _ call: Call) -> EngineError {
        switch failure {
        case .untrusted:
            EngineError(
                .certificateUntrusted, route: call.route, message: "the certificate of \(endpoint) is not trusted")
        case .wrongName:
            EngineError(
                .certificateMismatch, route: call.route, message: "the certificate of \(endpoint) is for another host")
        case .notTLS:
            EngineError(
                .protocolMismatch, route: call.route,
                message: "\(endpoint) does not speak TLS; is 2376 the port, and does its dockerd have `--tlsverify`?")
        case .clientCertificate(let reason):
            EngineError(.clientCertificate, route: call.route, message: reason)
        case .other:
            EngineError(.connectionLost, route: call.route, message: "TLS with \(endpoint) failed: \(error)")
        }
    }

    private func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError where error.errnoCode == ENOENT: "there is no such socket"
        case let error as IOError where error.errnoCode == EACCES: "no permission to open the socket"
        case let error as IOError where error.errnoCode == ECONNREFUSED: "connection refused"
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "\(error)"
        default: "\(error)"
        }
    }
}
