import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

extension EngineTransport {
    /// What went wrong below HTTP, in the terms of this API.
    func translated(_ error: any Error, _ call: Call) -> EngineError {
        if let failure = TLSFailure(error) { return translated(failure, error, call) }
        let translated = plain(error, call)
        guard [.unreachable, .connectionLost].contains(translated.code), let reason = tunnel?.failure() else {
            return translated
        }
        return EngineError(translated.code, route: call.route, message: reason)
    }

    /// What a message calls the engine.
    private var name: String { tunnel?.name ?? endpoint.description }

    private func plain(_ error: any Error, _ call: Call) -> EngineError {
        switch error {
        case let error as HTTPClientError where error == .tlsHandshakeTimeout:
            EngineError(.unreachable, route: call.route, message: "\(name) did not finish the TLS handshake in time")
        case let error as HTTPClientError where [.connectTimeout, .getConnectionFromPoolTimeout].contains(error):
            EngineError(.unreachable, route: call.route, message: "\(name) did not accept a connection in time")
        case let error as HTTPClientError where [.readTimeout, .deadlineExceeded].contains(error):
            EngineError(.timedOut, route: call.route, message: "\(name) did not answer within \(limit(call))")
        case is NIOTooManyBytesError:
            EngineError(.undecodable, route: call.route, message: "the engine's answer is too large")
        case let error as HTTPParserError where error != .invalidEOFState:
            EngineError(
                .connectionLost, route: call.route, message: "\(name) does not speak HTTP; is a Docker engine there?")
        case is HTTPParserError:
            EngineError(
                .connectionLost, route: call.route, message: "\(name) closed the connection in the middle of its answer"
            )
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            EngineError(.connectionLost, route: call.route, message: "\(name) closed the connection")
        case is HTTPClientError, is ChannelError:
            EngineError(.connectionLost, route: call.route, message: "\(name) closed the connection (\(error))")
        case let error as IOError where [ECONNRESET, EPIPE].contains(error.errnoCode):
            EngineError(.connectionLost, route: call.route, message: "\(name) reset the connection")
        default:
            EngineError(.unreachable, route: call.route, message: "\(name) is not reachable: \(reason(of: error))")
        }
    }

    private func translated(_ failure: TLSFailure, _ error: any Error, _ call: Call) -> EngineError {
        switch failure {
        case .untrusted:
            EngineError(
                .certificateUntrusted, route: call.route, message: "the certificate of \(name) is not trusted")
        case .wrongName:
            EngineError(
                .certificateMismatch, route: call.route, message: "the certificate of \(name) is for another host")
        case .notTLS:
            EngineError(
                .protocolMismatch, route: call.route,
                message: "\(name) does not speak TLS; is 2376 the port, and does its dockerd have `--tlsverify`?")
        case .clientCertificate(let reason):
            EngineError(.clientCertificate, route: call.route, message: reason)
        case .other:
            EngineError(.connectionLost, route: call.route, message: "TLS with \(name) failed: \(error)")
        }
    }

    private func reason(of error: any Error) -> String {
        switch error {
        case let error as IOError where error.errnoCode == ENOENT: "there is no such socket"
        case let error as IOError where error.errnoCode == EACCES: "no permission to open the socket"
        case let error as IOError where error.errnoCode == ECONNREFUSED: "connection refused"
        case let error as IOError: Errno(rawValue: error.errnoCode).description.lowercased()
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { reason(of: $0.error) } ?? "\(error)"
        default: "\(error)"
        }
    }
}
