import Foundation
import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting
import Synchronization
import Testing

/// Programs that run on this machine before and after an apply.
@Suite(.timeLimit(.minutes(5))) struct OperatorHookTests {
    /// What a run of the shop with hooks came to.
    private struct Run {
        var outcome: Outcome?
        var error: OperatorHookFailure?
        var refusal: Operations.Refusal?
        var written: [String] = []
        var warnings: [OperatorHookFailure] = []
    }

    private final class Notes: Sendable {
        let written = Mutex<[String]>([])
        let warnings = Mutex<[OperatorHookFailure]>([])
    }

    private static func shell(_ script: String) -> [String] { ["/bin/sh", "-c", script] }

    private func apply(
        _ shop: Shop, version: Int = 1, before: [[String]] = [], after: [[String]] = [],
        onLine: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Run {
        var hooks = OperatorHooks()
        (hooks.before, hooks.after) = (before, after)
        let notes = Notes()
        let programs = HookPrograms(hooks, Surroundings(variables: ["PATH": "/usr/bin:/bin"])) { plan, result in
            "\(plan.steps.count > 0) \(result?.outcome.rawValue ?? "-") \(result?.fates.count ?? 0)"
        } tell: { line in
            notes.written.withLock { $0.append(line) }
            onLine(line)
        } warn: { failure in
            notes.warnings.withLock { $0.append(failure) }
        }
        var run = Run()
        do {
            run.outcome = try await shop.operations(version: version).apply(
                limits: Schedule.Limits(), hooks: programs, approve: { _ in .given }, emit: { _ in })
        } catch let failure as OperatorHookFailure {
            run.error = failure
        } catch let refusal as Operations.Refusal {
            run.refusal = refusal
        }
        run.written = notes.written.withLock(\.self)
        run.warnings = notes.warnings.withLock(\.self)
        return run
    }

    private static let say =
        Self.shell(#"echo "$(cat) $RECAST_HOOK $RECAST_ENVIRONMENT $RECAST_APPLICATION ${RECAST_OUTCOME-unset}""#)

    @Test func `hooks get the document on their input and say in variables what it is about`() async throws {
        try await withSimulatedEngine { engine in
            let run = try await apply(Shop(engine: engine), before: [Self.say], after: [Self.say])
            #expect(run.outcome == .done)
            #expect(run.written.first == "true - 0 before test shop unset")
            #expect(run.written.last?.hasPrefix("true done ") ?? false)
            #expect(run.written.last?.hasSuffix(" after test shop done") ?? false)
            #expect(run.written.count == 2)
            #expect(run.warnings.isEmpty)
        }
    }

    @Test func `a hook before that fails stops the apply, and nothing is changed`() async throws {
        try await withSimulatedEngine { engine in
            let script = "for n in $(seq 12); do echo line $n >&2; done; echo out; exit 3"
            let run = try await apply(
                Shop(engine: engine), before: [Self.shell(script), Self.shell("echo never")],
                after: [Self.shell("echo $RECAST_OUTCOME")])
            #expect(run.error?.reason == "/bin/sh ended with exit code 3")
            #expect(run.error?.lastLines == (3...12).map { "line \($0)" })
            #expect(run.outcome == nil)
            #expect(run.written.last == "failed")
            #expect(!run.written.contains("never"))
            #expect(engine.snapshot.containers.isEmpty)
        }
    }

    @Test(arguments: [
        (["recast-test-no-such-program"], "there is no program recast-test-no-such-program in PATH"),
        (["./recast-test-no-such-program"], "there is no program ./recast-test-no-such-program"),
        (["/bin/sh", "-c", "kill -9 $$"], "/bin/sh was ended by signal 9"),
    ])
    func `a hook that cannot run, or is killed, is a failed one`(words: [String], reason: String) async throws {
        try await withSimulatedEngine { engine in
            let run = try await apply(Shop(engine: engine), before: [words])
            #expect(run.error?.reason == reason)
            #expect(engine.snapshot.containers.isEmpty)
        }
    }

    @Test func `a hook after that fails is a warning, and the next one runs`() async throws {
        try await withSimulatedEngine { engine in
            let run = try await apply(
                Shop(engine: engine), after: [Self.shell("echo no >&2; exit 9"), Self.shell("echo second")])
            #expect(run.outcome == .done)
            #expect(run.warnings.map(\.reason) == ["/bin/sh ended with exit code 9"])
            #expect(run.warnings.first?.lastLines == ["no"])
            #expect(run.written == ["no", "second"])
        }
    }

    @Test func `no steps, no hooks`() async throws {
        try await withSimulatedEngine { engine in
            let shop = Shop(engine: engine)
            try await shop.mustApply(version: 1)
            let run = try await apply(shop, before: [Self.say], after: [Self.say])
            #expect(run.outcome == .done)
            #expect(run.written.isEmpty)
        }
    }

    @Test func `hosts that move while a hook runs refuse the apply, and the hooks after it know`() async throws {
        try await withSimulatedEngine { engine in
            let shop = Shop(engine: engine)
            try await shop.mustApply(version: 1)
            let done = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: done) }
            let name = try #require(engine.snapshot.containers.first?.name)
            let run = try await apply(
                shop, version: 2, before: [Self.shell("echo ready; until [ -e '\(done)' ]; do sleep 0.02; done")],
                after: [Self.shell("echo $RECAST_OUTCOME")]
            ) { line in
                guard line == "ready" else { return }
                #expect(throws: Never.self) { try engine.update(name, memory: 32 << 20) }
                #expect(FileManager.default.createFile(atPath: done, contents: nil))
            }
            #expect(run.refusal != nil)
            #expect(run.written == ["ready", "failed"])
        }
    }

    @Test func `an interruption ends the hook before, and the hooks after it run all the same`() async throws {
        try await withSimulatedEngine { engine in
            let (started, signal) = AsyncStream.makeStream(of: Void.self)
            var hooks = OperatorHooks()
            hooks.before = [Self.shell("echo ready; exec sleep 1000")]
            hooks.after = [Self.shell("echo $RECAST_OUTCOME")]
            let notes = Notes()
            let programs = HookPrograms(hooks, Surroundings(variables: ["PATH": "/usr/bin:/bin"])) { _, _ in
                ""
            } tell: { line in
                notes.written.withLock { $0.append(line) }
                signal.yield()
            } warn: { failure in
                notes.warnings.withLock { $0.append(failure) }
            }
            let operations = Shop(engine: engine).operations(version: 1)
            let task = Task {
                try await operations.apply(
                    limits: Schedule.Limits(), hooks: programs, approve: { _ in .given }, emit: { _ in })
            }
            for await _ in started { break }
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(notes.written.withLock(\.self) == ["ready", "interrupted"])
            #expect(notes.warnings.withLock(\.self).isEmpty)
            #expect(engine.snapshot.containers.isEmpty)
        }
    }

    @Test func `a plan of any size is given, also to a program that does not read it`() async throws {
        try await withSimulatedEngine { engine in
            var hooks = OperatorHooks()
            hooks.before = [["true"], Self.shell("wc -c")]
            let notes = Notes()
            let programs = HookPrograms(hooks, Surroundings(variables: ["PATH": "/usr/bin:/bin"])) { _, _ in
                String(repeating: "x", count: 300_000)
            } tell: { line in
                notes.written.withLock { $0.append(line) }
            } warn: { _ in
            }
            let outcome = try await Shop(engine: engine).operations(version: 1).apply(
                limits: Schedule.Limits(), hooks: programs, approve: { _ in .given }, emit: { _ in })
            #expect(outcome == .done)
            #expect(notes.written.withLock(\.self) == ["300000"])
        }
    }
}
