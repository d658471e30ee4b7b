import AsyncHTTPClient
package import NIOCore

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
    /// Where the container does not run, Docker answers 409. A program that the container does not have ends with 126
    /// or 127, and the engine's own words are its output.
    ///
    /// `timeout`: how long it may take; when it is over the call fails, and the program runs on.
    package func run(_ program: ExecCreate, in container: String, timeout: Duration) async throws -> ExecResult {
        let created: ExecCreated = try await transport.json(
            .init(.post, "/containers/\(percentEncoded(container))/exec"), body: program)
        let path = "/exec/\(percentEncoded(created.Id))"
        let bytes = try await transport.collect(
            .init(.post, path + "/start", timeout: timeout), body: ExecStart(Detach: false, Tty: false))
        return ExecResult(exitCode: try await exitCode(of: path), output: LogLines.of(bytes).suffix(20))
    }

    /// Runs a program inside a running container and gives its standard output to `receive`, piece by piece, for as
    /// long as it takes.
    ///
    /// - Returns: how it ended, with the last lines of its standard error.
    ///
    /// It throws what `receive` throws.
    package func stream(
        _ program: ExecCreate, in container: String, receive: (ByteBuffer) async throws -> Void
    ) async throws -> ExecResult {
        let created: ExecCreated = try await transport.json(
            .init(.post, "/containers/\(percentEncoded(container))/exec"), body: program)
        let path = "/exec/\(percentEncoded(created.Id))"
        var frames = StreamFrames()
        var errors = ByteBuffer()
        try await transport.send(
            .init(.post, path + "/start", timeout: .seconds(60)), body: .json(ExecStart(Detach: false, Tty: false))
        ) { response in
            for try await bytes in response.body {
                for (stream, text) in frames.receive(bytes) {
                    if stream == 2 {
                        errors.writeImmutableBuffer(text)
                        errors.moveReaderIndex(forwardBy: Swift.max(0, errors.readableBytes - 1 << 16))
                        errors.discardReadBytes()
                    } else {
                        do { try await receive(text) } catch { throw ReceiverError(cause: error) }
                    }
                }
            }
        }
        return ExecResult(exitCode: try await exitCode(of: path), output: LogLines.of(errors).suffix(20))
    }

    /// The output may end a moment before the engine knows of the program's end.
    private func exitCode(of path: String) async throws -> Int {
        for _ in 0..<50 {
            let exec: ExecInspect = try await transport.json(.init(.get, path + "/json"))
            if let code = exec.ExitCode, exec.Running != true { return code }
            try await Task.sleep(for: .milliseconds(20))
        }
        return -1
    }
}
