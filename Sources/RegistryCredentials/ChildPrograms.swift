import Subprocess
import SystemPackage

/// Runs programs that give out secrets: what they print is given to the caller and to nobody else.
///
/// The same question is asked once: whoever asks it again, later, gets the first answer.
package actor ChildPrograms {
    private struct Question: Hashable {
        let words: [String]
        let input: String
    }

    package struct Ended: Sendable {
        package let isSuccess: Bool
        /// Such as `exited(1)`.
        let status: String
        package let output: String
        let errors: String

        /// The first line of what it complained of, or else how it ended.
        package var firstError: String {
            let said = firstLine(of: errors)
            return said.isEmpty ? status : said
        }
    }

    /// The variables that the programs see; `PATH` among them says where they are.
    private let variables: [String: String]
    private let patience: Duration
    private var answers: [Question: Result<Ended, CredentialProblem>] = [:]

    /// `patience`: how long a program may take.
    package init(variables: [String: String], patience: Duration = .seconds(30)) {
        self.variables = variables
        self.patience = patience
    }

    private static let longestOutput = 1 << 20

    /// `words`: the program, by path or by a name to be found in `PATH`, and its arguments.
    ///
    /// It throws `CredentialProblem` when the program cannot be started, takes too long or prints too much.
    func run(_ words: [String], input: String) async throws -> Ended {
        let question = Question(words: words, input: input)
        if let known = answers[question] { return try known.get() }
        do {
            let ended = try await ask(words, input: input)
            answers[question] = .success(ended)
            return ended
        } catch let problem as CredentialProblem {
            answers[question] = .failure(problem)
            throw problem
        }
    }

    /// How a program ended that reads a few words.
    ///
    /// It throws `CredentialProblem` when it cannot be started, takes too long or prints too much.
    package func answer(from words: [String], input: String) async throws -> Ended {
        try await run(words, input: input)
    }

    /// What a program prints, without the line break at its end; never nothing.
    ///
    /// `purpose`: what it is for, as in "the secret 'DB_PASSWORD'". It throws `CredentialProblem`.
    package func secret(from words: [String], for purpose: String) async throws -> String {
        let ended = try await run(words, input: "")
        guard ended.isSuccess else {
            // What it says may hold the secret, but its errors are for people.
            throw CredentialProblem("\(words[0]), which is to print \(purpose), failed: \(ended.firstError)")
        }
        let output = ended.output.hasSuffix("\n") ? String(ended.output.dropLast()) : ended.output
        guard !output.isEmpty else { throw CredentialProblem("\(words[0]) printed nothing as \(purpose)") }
        return output
    }

    private func ask(_ words: [String], input: String) async throws -> Ended {
        let name = words[0]
        do {
            return try await withThrowingTaskGroup(of: Ended?.self) { group in
                group.addTask { try await self.start(words, input: input) }
                group.addTask { [patience] in
                    try await Task.sleep(for: patience)
                    return nil
                }
                defer { group.cancelAll() }
                guard let first = try await group.next(), let ended = first else {
                    throw CredentialProblem("\(name) did not end within \(patience)")
                }
                return ended
            }
        } catch let error as SubprocessError where error.code == .outputLimitExceeded {
            throw CredentialProblem("\(name) prints more than 1 MiB")
        } catch {
            try Task.checkCancellation()
            if let problem = ChildProcess.problem(error, of: name) { throw CredentialProblem(problem) }
            throw error
        }
    }

    /// The reading end of a pipe that holds the text already, so that a program that reads nothing breaks no pipe.
    private static func pipe(holding text: String) throws -> FileDescriptor {
        // What fits into any pipe without waiting; servers' names are shorter.
        guard text.utf8.count <= 4096 else { throw CredentialProblem("'\(text.prefix(40))…' is no name of a server") }
        let pipe = try FileDescriptor.pipe()
        do {
            try pipe.writeEnd.closeAfter { _ = try pipe.writeEnd.writeAll(text.utf8) }
            return pipe.readEnd
        } catch {
            try? pipe.readEnd.close()
            throw error
        }
    }

    private nonisolated func start(_ words: [String], input: String) async throws -> Ended {
        let ended = try await Subprocess.run(
            ChildProcess(words, variables: variables).configuration,
            input: .fileDescriptor(try Self.pipe(holding: input), closeAfterSpawningProcess: true),
            output: .string(limit: Self.longestOutput),
            error: .string(limit: Self.longestOutput))
        return Ended(
            isSuccess: ended.terminationStatus.isSuccess, status: "\(ended.terminationStatus)",
            output: ended.standardOutput, errors: ended.standardError)
    }
}
