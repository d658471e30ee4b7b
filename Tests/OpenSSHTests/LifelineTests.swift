import Subprocess
import SystemPackage
import Testing

@testable import OpenSSH

/// What happens to programs when the process that needs them is gone.
@Suite(.timeLimit(.minutes(2))) struct LifelineTests {
    private final class Holder {
        private var lifeline: Lifeline?
        let watched: FileDescriptor

        init() throws {
            let made = try Lifeline()
            watched = made.watched
            lifeline = consume made
        }

        func letGo() { lifeline = nil }
    }

    @Test func `a guarded program ends when the pipe breaks`() async throws {
        let holder = try Holder()
        let ended = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", Lifeline.guarded, "sleep", "/bin/sleep", "1000"],
            input: .fileDescriptor(holder.watched, closeAfterSpawningProcess: true), output: .discarded,
            error: .discarded
        ) { _ in holder.letGo() }
        #expect(!ended.terminationStatus.isSuccess)
    }

    @Test func `a guarded program that ends by itself leaves its own status, and no pipe open`() async throws {
        let holder = try Holder()
        let ended = try await Subprocess.run(
            .path("/bin/sh"), arguments: ["-c", Lifeline.guarded, "sh", "/bin/sh", "-c", "echo gone; exit 7"],
            input: .fileDescriptor(holder.watched, closeAfterSpawningProcess: true), output: .string(limit: 100),
            error: .discarded)
        #expect(ended.terminationStatus == .exited(7))
        #expect(ended.standardOutput == "gone\n")
        holder.letGo()
    }

    @Test func `an agent ends when the pipe breaks`() async throws {
        try await Workshop.open { workshop in
            let socket = workshop.path("a.sock")
            let holder = try Holder()
            _ = try await Subprocess.run(
                .name("ssh-agent"), arguments: ["-a", socket, "/bin/sh", "-c", Lifeline.ofAgent],
                input: .fileDescriptor(holder.watched, closeAfterSpawningProcess: true), output: .sequence,
                error: .discarded
            ) { execution in
                for try await line in execution.standardOutput.strings() where line.hasPrefix("ready") {
                    #expect(try await SSHAgent(socketPath: socket).keys().isEmpty)
                    holder.letGo()
                }
            }
            await #expect(throws: SSHAgentError.self) { try await SSHAgent(socketPath: socket).keys() }
        }
    }
}
