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
        switch error {
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
