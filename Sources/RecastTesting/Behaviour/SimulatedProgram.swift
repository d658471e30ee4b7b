/// What a program does that is run inside a container.
package struct SimulatedProgram: Hashable, Sendable {
    /// So many runs in one container end with the exit code, and all later ones with 0.
    package var failures: Int
    package var exitCode: Int
    /// What a run writes that does not end with 0.
    package var output: [String]
    /// How long it runs.
    package var takes: Duration

    package init(failures: Int = 0, exitCode: Int = 1, output: [String] = [], takes: Duration = .zero) {
        self.failures = failures
        self.exitCode = exitCode
        self.output = output
        self.takes = takes
    }

    /// Never ends with 0.
    package static func fails(_ exitCode: Int = 1, _ output: [String] = []) -> Self {
        Self(failures: .max, exitCode: exitCode, output: output)
    }

    /// As an engine of Docker 20.10 says that the container does not have a program.
    package static func missing(_ path: String) -> Self {
        fails(
            126,
            [
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"\(path)\": "
                    + "stat \(path): no such file or directory: unknown"
            ])
    }
}
