package import RecastModel
import RegistryCredentials
import Synchronization
import SystemPackage

/// The operator's programs around an apply, and what they are given.
package struct HookPrograms: Sendable {
    private let hooks: OperatorHooks
    private let variables: [String: String]
    private let document: @Sendable (Plan, ApplyResult?) throws -> String
    private let tell: @Sendable (String) -> Void
    private let warn: @Sendable (OperatorHookFailure) -> Void

    /// `document`: what a program reads, the result only once there is one.
    ///
    /// `tell`: gets each line that a program writes.
    ///
    /// `warn`: gets what failed when nothing can be stopped any more.
    package init(
        _ hooks: OperatorHooks, _ surroundings: Surroundings,
        document: @escaping @Sendable (Plan, ApplyResult?) throws -> String,
        tell: @escaping @Sendable (String) -> Void, warn: @escaping @Sendable (OperatorHookFailure) -> Void
    ) {
        self.hooks = hooks
        variables = surroundings.variables
        self.document = document
        self.tell = tell
        self.warn = warn
    }

    /// One after the other.
    ///
    /// It throws the `OperatorHookFailure` of the first that fails, or `CancellationError`.
    func runBefore(_ plan: Plan) async throws {
        for words in hooks.before { try await run(words, .before, plan) }
    }

    /// One after the other, whatever becomes of each.
    ///
    /// When the task is cancelled meanwhile, the one that runs is ended and no other begins.
    func runAfter(_ plan: Plan, _ result: ApplyResult) async {
        guard Task.isCancelled else { return await runAfter(plan, result, ownSession: true) }
        // A task that is cancelled already would end every program at once; these are awaited, and what is typed at
        // the terminal reaches them.
        await Task { await runAfter(plan, result, ownSession: false) }.value
    }

    private func runAfter(_ plan: Plan, _ result: ApplyResult, ownSession: Bool) async {
        for words in hooks.after where !Task.isCancelled {
            do {
                try await run(words, .after, plan, result, ownSession: ownSession)
            } catch let failure as OperatorHookFailure {
                warn(failure)
            } catch {
                warn(OperatorHookFailure(.after, words, reason: "\(words.first ?? "") was interrupted"))
            }
        }
    }

    private func run(
        _ words: [String], _ moment: OperatorHooks.Moment, _ plan: Plan, _ result: ApplyResult? = nil,
        ownSession: Bool = true
    ) async throws {
        let name = words.first ?? ""
        let last = LastLines()
        let child = ChildProcess(
            words, variables: variables.merging(Self.variables(moment, plan, result)) { $1 },
            ownSession: ownSession, grace: .seconds(10))
        let ending: ChildProcess.Ending
        do {
            let input = try UnnamedFile.holding(document(plan, result))
            ending = try await child.run(input: input) { stream, line in
                tell(line)
                if stream == .errors { last.add(line) }
            }
        } catch let error as CancellationError {
            throw error
        } catch {
            let reason = ChildProcess.problem(error, of: name) ?? "\(name) could not be given the plan: \(error)"
            throw OperatorHookFailure(moment, words, reason: reason)
        }
        if let reason = ending.problem(of: name) {
            throw OperatorHookFailure(moment, words, reason: reason, lastLines: last.lines)
        }
    }

    private static func variables(
        _ moment: OperatorHooks.Moment, _ plan: Plan, _ result: ApplyResult?
    ) -> [String: String] {
        var variables = [
            "RECAST_ENVIRONMENT": plan.environment.text, "RECAST_APPLICATION": plan.application.text,
            "RECAST_HOOK": moment.rawValue,
        ]
        variables["RECAST_OUTCOME"] = result?.outcome.rawValue
        return variables
    }
}

/// The end of what a program wrote.
private final class LastLines: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock(\.self) }

    func add(_ line: String) {
        kept.withLock { $0 = $0.suffix(9) + [line] }
    }
}
