import NIOCore
import Subprocess

#if canImport(Darwin)
    import System
#else
    import SystemPackage
#endif

/// A process whose standard input and output carry a session.
struct ProxyCommand: Sendable {
    let words: [String]
    let host: String

    /// Runs the process on a socket, which it owns from here on.
    ///
    /// The process ends with its session: at the latest when the session's end closes the other side of the socket,
    /// then by a signal.
    func start(on socket: Int32, for session: SSHSession) {
        let words = words
        let host = host
        // Ends when the session does: its end cancels the task.
        let task = Task {
            let failure = await Self.run(words, host, socket)
            session.loop.execute { session.end(failure) }
        }
        session.loop.execute { session.whenEnded { _ in task.cancel() } }
    }

    private static func run(_ words: [String], _ host: String, _ socket: Int32) async -> SSHError {
        guard let program = words.first else {
            return SSHError(.proxyCommandFailed, host: host, "the proxy command is empty")
        }
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
        do {
            let result = try await Subprocess.run(
                program.contains("/") ? .path(FilePath(program)) : .name(program),
                arguments: Arguments(Array(words.dropFirst())), platformOptions: options,
                input: .fileDescriptor(.init(rawValue: socket), closeAfterSpawningProcess: false),
                output: .fileDescriptor(.init(rawValue: socket), closeAfterSpawningProcess: true),
                error: .string(limit: 4096))
            let said = result.standardError.split(separator: "\n").last.map { ": \($0)" } ?? ""
            return SSHError(
                .proxyCommandFailed, host: host,
                "the proxy command \(program) ended (\(result.terminationStatus))\(said)")
        } catch {
            return SSHError(
                .proxyCommandFailed, host: host, "the proxy command \(program) cannot run: \(error)", cause: error)
        }
    }
}
