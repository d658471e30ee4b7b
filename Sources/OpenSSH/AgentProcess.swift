import Subprocess
import Synchronization

/// An `ssh-agent` of this process alone, started when it is first needed and ended with the scope that runs it.
final class AgentProcess: Sendable {
    private enum State {
        case idle
        case starting(CheckedContinuation<Void, any Error>)
        case running
        case ended(any Error)
    }
    let socketPath: String
    private let installation: Installation
    private let state = Mutex(State.idle)
    private let starts: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(_ installation: Installation, socketPath: String) {
        self.installation = installation
        self.socketPath = socketPath
        (starts, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Returns when the agent listens; called by one task at a time.
    ///
    /// - Throws: ``ProgramError`` when the agent does not run or has ended, or `CancellationError`.
    func start() async throws {
        try await withCheckedThrowingContinuation { continuation in
            let outcome = state.withLock { state -> Result<Void, any Error>? in
                switch state {
                case .running: return .success(())
                case .ended(let error): return .failure(error)
                case .idle, .starting:
                    state = .starting(continuation)
                    return nil
                }
            }
            if let outcome { continuation.resume(with: outcome) } else { signal.yield() }
        }
    }

    /// Runs the agent, once it is asked for, until the task is cancelled.
    func serve() async {
        for await _ in starts { break }
        do {
            try Task.checkCancellation()
            let program = installation.agent
            let lifeline = try Lifeline()
            let result = try await Subprocess.run(
                installation.configuration(program, ["-a", socketPath, "/bin/sh", "-c", Lifeline.ofAgent]),
                input: .fileDescriptor(lifeline.watched, closeAfterSpawningProcess: true), output: .sequence,
                error: .string(limit: 65_536)
            ) { execution in
                // It prints a line when it listens, and nothing more until it ends.
                for try await _ in execution.standardOutput.strings() { became(.running) }
            }
            became(.ended(ProgramError(program, .notRun(result.standardError.trimmed))))
        } catch let error as SubprocessError {
            became(.ended(ProgramError(installation.agent, error)))
        } catch {
            became(.ended(error))
        }
    }

    private func became(_ next: State) {
        let waiting = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            defer { state = next }
            guard case .starting(let continuation) = state else { return nil }
            return continuation
        }
        if case .ended(let error) = next { waiting?.resume(throwing: error) } else { waiting?.resume() }
    }
}
