import Subprocess
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The OpenSSH programs of this machine, and what they are started with.
///
/// Programs without a slash are searched in `PATH`. The environment is that of this process with `overrides` applied;
/// an override of `nil` removes the variable. A passphrase is never part of either.
package struct Installation: Hashable, Sendable {
    package var ssh = "ssh"
    package var keygen = "ssh-keygen"
    package var agent = "ssh-agent"
    package var add = "ssh-add"
    /// The configuration file given to every `ssh`, instead of the user's and the system's.
    package var configFile: String?
    package var overrides: [String: String?]

    package init(configFile: String? = nil, overrides: [String: String?] = [:]) {
        self.configFile = configFile
        self.overrides = overrides
    }

    /// The value that a program started from here sees.
    package func variable(_ name: String) -> String? {
        overrides[name] ?? ProcessInfo.processInfo.environment[name]
    }

    /// What a program left behind when it ended.
    struct Outcome: Sendable {
        /// The exit status, or 128 and the signal's number.
        let status: Int32
        let output: String
        let errors: String

        /// What was written to standard error, without line ends around it.
        var reason: String { errors.trimmed }
    }

    /// Runs a program to its end; cancellation and the deadline end it first.
    ///
    /// - Throws: ``ProgramError``, or `CancellationError`.
    func run(
        _ program: String, _ arguments: [String], deadline: Duration = .seconds(30),
        adding variables: [String: String?] = [:]
    ) async throws -> Outcome {
        try await run(program, arguments, input: .none, deadline: deadline, adding: variables)
    }

    /// Runs a program to its end with a standard input of the caller's choice.
    ///
    /// - Throws: ``ProgramError``, or `CancellationError`.
    func run(
        _ program: String, _ arguments: [String], input: some InputProtocol, deadline: Duration,
        adding variables: [String: String?]
    ) async throws -> Outcome {
        let configuration = configuration(program, arguments, adding: variables)
        do {
            return try await withDeadline(deadline, orThrow: ProgramError(program, .timedOut(deadline))) {
                let result = try await Subprocess.run(
                    configuration, input: input, output: .bytes(limit: Self.outputLimit),
                    error: .bytes(limit: Self.outputLimit))
                return Outcome(
                    status: result.terminationStatus.number,
                    output: String(decoding: result.standardOutput, as: UTF8.self),
                    errors: String(decoding: result.standardError, as: UTF8.self))
            }
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw ProgramError(program, error)
        }
    }

    func configuration(
        _ program: String, _ arguments: [String], adding variables: [String: String?] = [:]
    ) -> Configuration {
        var options = PlatformOptions()
        options.teardownSequence = Self.teardown
        let merged = overrides.merging(variables) { $1 }
        let updates = merged.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } }
        return Configuration(
            executable: path(of: program).map { .path($0) } ?? .name(program),
            arguments: Arguments(arguments),
            environment: .inherit.updating(Dictionary(updates) { $1 }),
            platformOptions: options)
    }

    /// Where a program is; `nil` when `PATH` does not lead to it.
    ///
    /// Subprocess would start a process for each folder of `PATH` that does not have it.
    private func path(of program: String) -> FilePath? {
        if program.contains("/") { return FilePath(program) }
        let folders = variable("PATH")?.split(separator: ":") ?? []
        return folders.lazy.map { FilePath(String($0)).appending(program) }.first { file in
            (try? file.stat())?.type == .regular && FileManager.default.isExecutableFile(atPath: file.string)
        }
    }

    /// A program is asked to end, so that it can remove its socket and restore the terminal, and killed two seconds later.
    static let teardown: [TeardownStep] = [.send(signal: .terminate, allowedDurationToNextStep: .seconds(2))]
    private static let outputLimit = 4 << 20
}

extension TerminationStatus {
    var number: Int32 {
        switch self {
        case .exited(let code): code
        case .signaled(let signal): 128 + signal
        }
    }
}

/// A program of OpenSSH that could not do its work at all.
package struct ProgramError: Error, Hashable, CustomStringConvertible {
    package enum Problem: Hashable, Sendable {
        case absent
        case timedOut(Duration)
        case notRun(String)
    }
    package let program: String
    package let problem: Problem

    init(_ program: String, _ problem: Problem) {
        self.program = program
        self.problem = problem
    }

    init(_ program: String, _ error: SubprocessError) {
        self.init(program, error.code == .executableNotFound ? .absent : .notRun("\(error)"))
    }

    package var description: String {
        switch problem {
        case .absent: "'\(program)' is not installed: install the OpenSSH client (package openssh-client)"
        case .timedOut(let limit): "'\(program)' has not ended within \(limit.components.seconds) s"
        case .notRun(let reason): "'\(program)' does not run: \(reason)"
        }
    }
}
