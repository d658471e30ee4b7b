import DockerAPI
import RecastModel

/// Waits until a container ended with 0, and tells what it writes meanwhile.
struct CompletionWait: Sendable {
    let container: ContainerHandle
    /// How long it may run; `nil`: as long as it likes.
    let limit: Duration?
    /// What one that ended already wrote is told only if this apply started it.
    let isStartedHere: Bool
    let reader: EngineReader
    let progress: @Sendable (StepProgress) -> Void

    private enum Part {
        case told(Int)
        case ended(ContainerInspect)
        case late
    }

    /// Bytes of a line beyond these are left out.
    private static let longestLine = 16 << 10
    /// How long the log may take to end after its container did.
    private static let delay = Duration.seconds(5)

    func run() async throws {
        let first = try await reader.container(container.reference)
        let notes = GateNotes { [progress] in progress(.waiting($0)) }
        let last: ContainerInspect
        if first.hasEnded {
            if isStartedHere { await tell(since: first.State?.ownLog, skipping: 0) }
            last = first
        } else {
            last = try await follow(first, notes)
        }
        guard last.State?.ExitCode == 0, last.State?.Status == "exited" else {
            throw StepFailure(last.ending, details: await notes.details(of: container, reader))
        }
    }

    /// Tells lines until the container ended, and then those that are missing.
    private func follow(_ first: ContainerInspect, _ notes: GateNotes) async throws -> ContainerInspect {
        let since = first.State?.followedLog
        let (last, told) = try await withThrowingTaskGroup(of: Part.self) { group in
            defer { group.cancelAll() }
            group.addTask { .told(await tellAll(since: since)) }
            group.addTask { .ended(try await ending(after: first, notes)) }
            var (last, told) = (first, 0)
            for try await part in group {
                switch part {
                case .told(let count):
                    told = count
                    if last.hasEnded { return (last, told) }
                case .ended(let live):
                    if group.isEmpty { return (live, told) }
                    last = live
                    group.addTask {
                        try? await Task.sleep(for: Self.delay)
                        return .late
                    }
                case .late: group.cancelAll()
                }
            }
            return (last, told)
        }
        await tell(since: since, skipping: told)
        return last
    }

    private func ending(after first: ContainerInspect, _ notes: GateNotes) async throws -> ContainerInspect {
        let start = ContinuousClock.now
        var live = first
        var pause = Duration.milliseconds(50)
        while !live.hasEnded {
            let elapsed = ContinuousClock.now - start
            if let limit, elapsed >= limit {
                throw StepFailure(
                    "did not end within \(limit.components.seconds) s",
                    details: await notes.details(of: container, reader))
            }
            let whole = limit.map { " of \($0.components.seconds) s" } ?? ""
            notes.say("\(live.State?.Status ?? "gone"), \(elapsed.components.seconds) s\(whole)")
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .milliseconds(250))
            live = try await look()
        }
        return live
    }

    /// A connection that is lost once is made again here, for a second wait would tell every line again.
    private func look() async throws -> ContainerInspect {
        do {
            return try await reader.container(container.reference)
        } catch let error as EngineError where error.code == .connectionLost {
            do { return try await reader.container(container.reference) } catch let error as EngineError {
                throw StepFailure(error)
            }
        }
    }

    // MARK: The log

    /// Tells the log until it ends; a connection that is lost is made again, and no line told twice.
    ///
    /// - Returns: how many lines were told.
    private func tellAll(since: String?) async -> Int {
        var told = 0
        while !Task.isCancelled {
            do {
                try await tell(since: since, skipping: &told, follows: true)
                return told
            } catch let error as EngineError where error.code == .status {
                // Its log driver cannot be read, or it is gone.
                return told
            } catch {
                try? await Task.sleep(for: .milliseconds(250))
            }
        }
        return told
    }

    /// Tells what there is, but the first lines.
    private func tell(since: String?, skipping count: Int) async {
        var told = count
        // What was told already stands, and a log that cannot be read is no reason to fail.
        for _ in 0..<3 {
            do { return try await tell(since: since, skipping: &told, follows: false) } catch {
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    private func tell(since: String?, skipping told: inout Int, follows: Bool) async throws {
        var seen = 0
        var count = told
        defer { told = count }
        try await reader.log(
            container.reference, since: since, follows: follows, longest: Self.longestLine
        ) { line in
            seen += 1
            guard seen > count else { return }
            count = seen
            progress(.output(line))
        }
    }
}

extension ContainerInspect {
    /// It does not run, and did; one that the engine starts again has failed.
    fileprivate var hasEnded: Bool { ["exited", "dead", "restarting"].contains(State?.Status) }
}

extension ContainerInspect.RunState {
    /// Where the log of a run that is over begins.
    ///
    /// The engine notes the start a moment after the program may have written; a run before it ended long ago.
    fileprivate var ownLog: String? { ownSecond.map(String.init) }

    /// Where the log of a run that goes on begins, also when the one before it ended a moment ago.
    ///
    /// The engine may read the last lines of a run after it noted its end, so the end alone does not tell them apart.
    fileprivate var followedLog: String? {
        guard let own = ownSecond, let end = lastEnd else { return lastEnd }
        return end.seconds.map { $0 >= own } == true ? end : "\(own)"
    }

    private var ownSecond: Int64? { lastStart?.seconds.map { $0 - 2 } }
}

extension String {
    fileprivate var seconds: Int64? { Int64(prefix { $0 != "." }) }
}
