import NIOCore

/// How a program ended that was run inside a container.
package struct ExecResult: Hashable, Sendable {
    package let exitCode: Int
    /// What it wrote, the last lines, standard output and error as they came.
    package let output: [String]
}

extension EngineClient {
    /// Runs a program inside a running container and waits for its end: `POST /containers/{id}/exec`, then
    /// `POST /exec/{id}/start` and `GET /exec/{id}/json`.
    ///
    /// `timeout`: how long it may take; when it is over the call fails, and the program runs on.
    package func run(_ program: ExecCreate, in container: String, timeout: Duration) async throws -> ExecResult {
        let created: ExecCreated = try await transport.json(
            .init(.post, "/containers/\(percentEncoded(container))/exec"), body: program)
        let path = "/exec/\(percentEncoded(created.Id))"
        let bytes = try await transport.collect(
            .init(.post, path + "/start", timeout: timeout), body: ExecStart(Detach: false, Tty: false))
        let ended: ExecInspect = try await transport.json(.init(.get, path + "/json"))
        let lines = String(buffer: demultiplexed(bytes)).split(whereSeparator: \.isNewline).map(String.init)
        return ExecResult(exitCode: ended.ExitCode ?? -1, output: Array(lines.suffix(20)))
    }
}
