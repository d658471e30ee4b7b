/// What a program does that is run inside a container.
package struct SimulatedProgram: Hashable, Sendable {
    /// It ends with 0 from then on, after the container's start; `nil`: never.
    package var succeeds: Duration?
    /// What it ends with before.
    package var exitCode: Int
    /// What it writes while it does not end with 0.
    package var output: [String]
    /// How long it runs.
    package var takes: Duration

    package init(
        succeeds: Duration? = .zero, exitCode: Int = 1, output: [String] = [], takes: Duration = .zero
    ) {
        self.succeeds = succeeds
        self.exitCode = exitCode
        self.output = output
        self.takes = takes
    }

    /// As an engine of Docker 20.10 says that the container does not have a program.
    package static func missing(_ path: String) -> Self {
        Self(
            succeeds: nil, exitCode: 126,
            output: [
                "OCI runtime exec failed: exec failed: unable to start container process: exec: \"\(path)\": "
                    + "stat \(path): no such file or directory: unknown"
            ])
    }

    func isGood(after elapsed: Duration) -> Bool { succeeds.map { elapsed >= $0 } ?? false }
}
