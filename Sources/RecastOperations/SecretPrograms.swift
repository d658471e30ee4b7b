import RegistryCredentials

/// Asks the programs that give the secrets of a manifest.
package enum SecretPrograms {
    /// What each prints, without the line break at its end; each runs once, one after the other.
    ///
    /// It throws an error whose description says which program failed and why.
    package static func outputs(
        of commands: [[String]], _ surroundings: Surroundings
    ) async throws -> [[String]: [UInt8]] {
        let programs = ChildPrograms(variables: surroundings.variables)
        var outputs: [[String]: [UInt8]] = [:]
        for command in commands {
            outputs[command] = Array(
                try await programs.secret(from: command, for: "a secret (\(command.joined(separator: " ")))").utf8)
        }
        return outputs
    }
}
