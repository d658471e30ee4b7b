import NIOCore
import Subprocess
import Synchronization

/// A process whose standard input and output carry a session.
final class ProxyCommand: Sendable {
    private let program: String
    private let arguments: [String]
    private let host: String
    /// The end of what the process has said on its standard error.
    private let said = Mutex<[UInt8]>([])

    /// The most of the standard error that is kept, in bytes.
    private static let saidLimit = 4096
    /// How long a process may live on after its side of the socket has closed, or after a request to end.
    private static let grace = Duration.seconds(2)

    init(program: String, arguments: [String], host: String) {
        self.program = program
        self.arguments = arguments
        self.host = host
    }

    /// Runs the process on a socket, which it owns from here on.
    ///
    /// The process ends with its session: at the latest when the session's end closes the other side of the socket,
    /// then by a signal. The session ends with the process, with what that said last.
    func start(on socket: Int32, for session: SSHSession) {
        // Ends when the session does: its end cancels the task.
        let task = Task {
            let failure = await run(on: socket)
            session.loop.execute { session.end(failure) }
        }
        session.loop.execute { session.whenEnded { _ in task.cancel() } }
    }

    /// The process has closed its side of the socket: it is about to end and to say why.
    func transportDidEnd(of session: SSHSession) {
        let timer = session.loop.scheduleTask(in: TimeAmount(Self.grace)) {
            session.end(self.failure("closed its output"))
        }
        session.whenEnded { _ in timer.cancel() }
    }

    private func run(on socket: Int32) async -> SSHError {
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: Self.grace)]
        // Both close it once the process runs; with one alone that did, the socket would stay open here.
        guard let input = Self.end(FileDescriptorInput.fileDescriptor, socket),
            let output = Self.end(FileDescriptorOutput.fileDescriptor, socket)
        else { return failure("cannot run") }
        let executable = program.contains("/") ? Self.executable(Executable.path, program) : .name(program)
        do {
            let result = try await Subprocess.run(
                executable, arguments: Arguments(arguments), platformOptions: options, input: input, output: output,
                error: .sequence
            ) { execution in
                for try await bytes in execution.standardError { keep(bytes) }
            }
            return failure(Self.words(result.terminationStatus))
        } catch {
            return failure("cannot run: \(error)", cause: error)
        }
    }

    private static func words(_ status: TerminationStatus) -> String {
        switch status {
        case .exited(let code): "ended with code \(code)"
        case .signaled(let signal): "was ended by signal \(signal)"
        }
    }

    private func keep(_ bytes: SubprocessOutputSequence.Buffer) {
        said.withLock { said in
            unsafe bytes.withUnsafeBytes { unsafe said.append(contentsOf: $0) }
            said.removeFirst(max(0, said.count - Self.saidLimit))
        }
    }

    private func failure(_ words: String, cause: (any Error)? = nil) -> SSHError {
        let lines = said.withLock { String(decoding: $0, as: UTF8.self) }.split(whereSeparator: \.isNewline)
        let last = lines.last.map { ": \($0)" } ?? ""
        return SSHError(
            .proxyCommandFailed, host: host, "the proxy command '\(arguments.last ?? program)' \(words)\(last)",
            cause: cause)
    }

    // The descriptors and paths of Subprocess come from another module on each platform; these name neither.

    private static func end<Descriptor: RawRepresentable, End>(
        _ make: (Descriptor, Bool) -> End, _ socket: Descriptor.RawValue
    ) -> End? {
        Descriptor(rawValue: socket).map { make($0, true) }
    }

    private static func executable<Path: ExpressibleByStringLiteral>(
        _ make: (Path) -> Executable, _ path: String
    ) -> Executable where Path.StringLiteralType == String {
        make(Path(stringLiteral: path))
    }
}
