import RegistryCredentials

/// A program of the operator that says by how it ends whether something holds.
package struct OperatorProgram: Sendable {
    private let words: [String]
    private let variables: [String: String]

    /// `variables`: all that it sees.
    package init(_ words: [String], variables: [String: String]) {
        self.words = words
        self.variables = variables
    }

    /// `tell`: gets each line that it writes.
    ///
    /// It throws `CancellationError`.
    ///
    /// - Returns: why it does not hold, in a clause; `nil` when it ended with 0.
    package func problem(_ tell: @escaping @Sendable (String) -> Void) async throws -> String? {
        let name = words.first ?? ""
        do {
            return try await ChildProcess(words, variables: variables, grace: .seconds(10))
                .run(input: UnnamedFile.holding("")) { tell($1) }.problem(of: name)
        } catch let error as CancellationError {
            throw error
        } catch {
            return ChildProcess.problem(error, of: name) ?? "\(name) could not be run: \(error)"
        }
    }
}

extension ChildProcess.Ending {
    /// `nil` when it went well.
    func problem(of name: String) -> String? {
        switch self {
        case .exited(0): nil
        case .exited(let code): "\(name) ended with exit code \(code)"
        case .killed(let signal): "\(name) was ended by signal \(signal)"
        }
    }
}
