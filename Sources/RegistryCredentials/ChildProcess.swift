import Subprocess
package import SystemPackage

/// A program on this machine that runs until it ends, or until the task that runs it is cancelled.
package struct ChildProcess: Sendable {
    package enum Stream: Hashable, Sendable {
        case output, errors
    }

    package enum Ending: Hashable, Sendable {
        case exited(Int)
        case killed(signal: Int)
    }

    private let words: [String]
    private let variables: [String: String]
    private let ownSession: Bool
    private let grace: Duration

    /// A program with all the variables that it sees; `PATH` among them says where it is.
    ///
    /// `words`: the program, by path or by a name to be found in `PATH`, and its arguments.
    ///
    /// `ownSession`: whatever it starts ends with it, and what is typed at the terminal does not reach it.
    ///
    /// `grace`: how long it may take to end once it is told to.
    package init(
        _ words: [String], variables: [String: String], ownSession: Bool = true,
        grace: Duration = .milliseconds(200)
    ) {
        self.words = words
        self.variables = variables
        self.ownSession = ownSession
        self.grace = grace
    }

    var name: String { words.first ?? "" }

    var configuration: Configuration {
        var options = PlatformOptions()
        options.createSession = ownSession
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: ownSession, allowedDurationToNextStep: grace)
        ]
        let values = Dictionary(
            variables.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } }
        ) { $1 }
        return Configuration(
            executable: name.contains("/") ? .path(FilePath(name)) : .name(name),
            arguments: Arguments(Array(words.dropFirst())), environment: .custom(values), platformOptions: options)
    }

    /// Runs it in the folder of this process and tells each line that it writes, of each stream in order.
    ///
    /// `input`: is closed when the program has it.
    ///
    /// It throws what `problem(_:of:)` has words for, or `CancellationError`.
    package func run(
        input: FileDescriptor, tell: @escaping @Sendable (Stream, String) -> Void
    ) async throws -> Ending {
        do {
            let status = try await Subprocess.run(
                configuration, input: .fileDescriptor(input, closeAfterSpawningProcess: true), output: .sequence,
                error: .sequence
            ) { process in
                async let output: Void = Self.read(process.standardOutput) { tell(.output, $0) }
                async let errors: Void = Self.read(process.standardError) { tell(.errors, $0) }
                _ = try await (output, errors)
            }.terminationStatus
            try Task.checkCancellation()
            switch status {
            case .exited(let code): return .exited(Int(code))
            case .signaled(let signal): return .killed(signal: Int(signal))
            }
        } catch {
            try Task.checkCancellation()
            throw error
        }
    }

    private static func read(_ stream: SubprocessOutputSequence, tell: (String) -> Void) async throws {
        for try await line in stream.strings(bufferingPolicy: .unbounded) { tell(line) }
    }

    /// Why a program could not be run, in a sentence; `nil` for an error of another kind.
    package static func problem(_ error: any Error, of name: String) -> String? {
        switch error {
        case let error as SubprocessError where error.code == .executableNotFound:
            "there is no program \(name)" + (name.contains("/") ? "" : " in PATH")
        case let error as SubprocessError: "\(name) could not be run: \(error)"
        case let error as Errno: "\(name) could not be run: \(error)"
        default: nil
        }
    }
}
