import DockerAPI
package import NIOCore
package import RecastModel

extension EngineHost {
    /// The longest that a hook may take, in the absence of a word for it in compose-spec.
    private static let longestHook = Duration.seconds(600)

    /// Gives what a program inside a container writes to `receive`, piece by piece.
    ///
    /// `command`: for the container's own shell.
    ///
    /// It throws what `receive` throws, and `StepFailure` when the program ends with anything but 0.
    package func output(
        of command: String, in container: ContainerHandle, receive: (ByteBuffer) async throws -> Void
    ) async throws {
        var result: ExecResult?
        try await translatingErrors {
            result = try await client.stream(
                ExecCreate(Cmd: ["sh", "-c", command]), in: container.reference, receive: receive)
        }
        guard let result, result.exitCode != 0 else { return }
        throw StepFailure(
            "the program ended with exit code \(result.exitCode)",
            details: result.output.isEmpty ? [] : [.init("last lines of its errors", result.output)])
    }

    /// Runs a program inside a container; one that ends with anything but 0 fails the step, with its last lines.
    func run(_ hook: Hook, in container: ContainerHandle) async throws {
        let result = try await client.run(ExecCreate(hook), in: container.reference, timeout: Self.longestHook)
        guard result.exitCode == 0 else {
            throw StepFailure(
                "the hook '\(hook.name)' ended with exit code \(result.exitCode)",
                details: result.output.isEmpty ? [] : [.init("last lines of its output", result.output)])
        }
    }
}

extension ExecCreate {
    fileprivate init(_ hook: Hook) {
        self.init(Cmd: hook.command)
        User = hook.user
        Privileged = hook.privileged ? true : nil
        WorkingDir = hook.workingDirectory
        Env = hook.environment.map { name, value in value.map { "\(name)=\($0)" } ?? name }.sorted().nilIfEmpty
    }
}
