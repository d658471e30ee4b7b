import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews
import VolumeBackup

/// Turns what went wrong into words and an exit code; ^C is an outcome, not an error.
///
/// `whenInterrupted`: what is to be known then.
func reporting<Result: Sendable>(
    to console: Console, whenInterrupted: @Sendable () -> String = { "nothing was changed" },
    _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    do {
        return try await interruptible(work)
    } catch let exit as ExitCode {
        throw exit
    } catch is CancellationError {
        console.complain("interrupted; \(whenInterrupted())")
        throw Exit.interrupted
    } catch let refusal as Operations.Refusal {
        console.write(words(refusal), to: .error)
        throw Exit.refused
    } catch let refusal as Operations.VolumeRefusal {
        console.write(refusal.words, to: .error)
        throw Exit.refused
    } catch let refusal as LeaseRefusal {
        console.write(
            LeaseText.refusal(refusal.record, on: refusal.host, refusal.environment, now: refusal.now), to: .error)
        throw Exit.refused
    } catch let error as BackupError {
        console.complain("\(error)")
        // What cannot be written was begun.
        if case .unreadable = error { throw Exit.failed }
        throw Exit.refused
    } catch let failure as StepFailure {
        console.complain(failure.message)
        for detail in failure.details {
            console.write(["  \(detail.title):"] + detail.lines.map { "    \($0.printable)" }, to: .error)
        }
        throw Exit.failed
    } catch let failure as OperatorHookFailure {
        console.write(HookText.lines(failure, style: console.style(for: .error)), to: .error)
        throw Exit.failed
    } catch {
        console.complain("\(error)")
        throw Exit.failed
    }
}

extension Console {
    /// Asks before anything is changed, and says so when nothing is; refuses where nobody can answer.
    func mustConfirm(_ question: String) throws -> Bool {
        guard canAsk else {
            complain("nobody can be asked here: review the plan, then pass --yes")
            throw Exit.refused
        }
        if confirm(question) { return true }
        write(["Nothing was changed."], to: .error)
        return false
    }

    /// Asks for a name in full before something is lost for good; refuses where nobody can answer.
    func mustType(_ name: String, to purpose: String) throws -> Bool {
        guard canAsk else {
            complain("nobody can be asked here: say --confirm \(name)")
            throw Exit.refused
        }
        if ask("Type \(name) to \(purpose):") == name { return true }
        write(["Nothing was changed."], to: .error)
        return false
    }
}

private func words(_ refusal: Operations.Refusal) -> [String] {
    switch refusal {
    case .notApplicable(let plan):
        if plan.isApplicable {
            return [
                "error: the plan is no longer what was shown: an image or a host moved; nothing was changed. Plan again."
            ]
        }
        return ["error: the plan cannot be applied; nothing was changed."]
    case .basisMoved(let moved):
        return ["error: the hosts moved since the plan was shown; nothing was changed. Plan again."]
            + moved.sorted { $0.key < $1.key }.flatMap { host, facts in facts.map { "  \(host)   \($0)" } }
    }
}
