import DockerAPI
import RecastModel

/// Waits until a started container may be counted on, or says why it may not.
///
/// Two things go on at once: the container's state is looked at, and a probe is asked inside it. The first of them that
/// has a verdict ends the wait. The engine's own health checks come as rarely as their interval says, and Podman's may
/// not come at all.
struct GateWait: Sendable {
    let container: ContainerHandle
    let gate: Gate
    let client: EngineClient
    let notes: GateNotes
    private let progress: @Sendable (StepProgress) -> Void
    private let start = ContinuousClock.now

    init(
        container: ContainerHandle, gate: Gate, client: EngineClient,
        progress: @escaping @Sendable (StepProgress) -> Void
    ) {
        self.container = container
        self.gate = gate
        self.client = client
        self.progress = progress
        notes = GateNotes { progress(.waiting($0)) }
    }

    enum Verdict: Hashable, Sendable {
        case passed
        /// What is seen, in a clause.
        case waiting(String)
        case failed(String)
    }

    func run() async throws {
        let live = try await client.reader.container(container.reference)
        let probe = gate.probe(of: live)
        if probe == nil { progress(.unchecked) }
        let asks = probe != nil && gate.asks(of: live)
        let verdict = try await withThrowingTaskGroup(of: Verdict?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await watch(from: live, isProbed: asks) }
            if asks, let probe { group.addTask { try await Prober(wait: self, probe: probe).run() } }
            while let verdict = try await group.next() {
                if let verdict { return verdict }
            }
            throw CancellationError()
        }
        guard case .failed(let reason) = verdict else { return }
        throw StepFailure(reason, details: await notes.details(of: container, client.reader))
    }

    /// Looks at the state until it has a verdict.
    private func watch(from first: ContainerInspect, isProbed: Bool) async throws -> Verdict? {
        var live = first
        var pause = Duration.milliseconds(50)
        while true {
            let verdict = verdict(on: live)
            guard case .waiting(let words) = verdict else { return verdict }
            notes.say(isProbed ? notes.lastAnswer ?? words : words)
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .milliseconds(250))
            live = try await client.reader.container(container.reference)
        }
    }
}

// MARK: - Verdicts

extension GateWait {
    private func verdict(on live: ContainerInspect) -> Verdict {
        if let verdict = verdictOnState(live) { return verdict }
        switch gate {
        case .ready(let policy):
            if let readiness = policy.readiness { return ready(within: readiness.timeout, "ready", "not asked yet") }
            return live.hasHealthCheck ? healthy(live, policy) : running(for: policy.monitor)
        case .healthy:
            return live.hasHealthCheck
                ? healthy(live, GatePolicy())
                : .failed("service_healthy was asked for, but the container has no health check")
        case .steady(let duration):
            return live.health == "unhealthy" ? .failed("became unhealthy") : running(for: duration)
        case .completed: return .waiting("running")
        }
    }

    /// `nil` while it runs.
    private func verdictOnState(_ live: ContainerInspect) -> Verdict? {
        switch live.State?.Status {
        case "exited", "dead": live.mayEnd && live.State?.ExitCode == 0 ? .passed : .failed(live.ending)
        case "restarting": .failed(live.ending)
        case "running" where (live.RestartCount ?? 0) > 0: .failed("restarted within the gate; \(live.ending)")
        case "running": nil
        default: .failed("is \(live.State?.Status ?? "gone") instead of running")
        }
    }

    private func healthy(_ live: ContainerInspect, _ policy: GatePolicy) -> Verdict {
        switch live.health {
        case "healthy": .passed
        case "unhealthy": .failed("became unhealthy" + lastAnswer(live))
        default:
            ready(
                within: policy.healthTimeout ?? HealthTimings(live.Config?.Healthcheck).patience, "healthy",
                "its health is \(live.health ?? "unknown")", lastAnswer(live))
        }
    }

    private func ready(
        within limit: Duration, _ word: String, _ seen: String, _ last: String? = nil
    ) -> Verdict {
        if ContinuousClock.now - start < limit { return .waiting(seen) }
        let last = last ?? notes.lastAnswer.map { "; the last answer: \($0)" } ?? ""
        return .failed("was not \(word) within \(limit.inWords)" + last)
    }

    private func running(for limit: Duration) -> Verdict {
        let elapsed = ContinuousClock.now - start
        return elapsed >= limit
            ? .passed : .waiting("running, \(elapsed.components.seconds) s of \(limit.inWords)")
    }

    /// Of Recast's own probes, else of the engine's.
    private func lastAnswer(_ live: ContainerInspect) -> String {
        (notes.lastAnswer ?? live.healthLog.last).map { "; the last answer: \($0)" } ?? ""
    }
}

extension Gate {
    /// What is asked inside the container; `nil`: nothing is.
    func probe(of live: ContainerInspect) -> ProbeProgram? {
        switch self {
        case .ready(let policy): policy.readiness.map { ProbeProgram($0.probe) } ?? ProbeProgram(healthCheckOf: live)
        case .healthy: ProbeProgram(healthCheckOf: live)
        case .completed, .steady: nil
        }
    }

    /// Whether there is anything to ask: a container that ended, or is healthy already, has its verdict.
    fileprivate func asks(of live: ContainerInspect) -> Bool {
        guard live.State?.Status == "running" else { return false }
        if case .ready(let policy) = self, policy.readiness != nil { return true }
        return live.health != "healthy"
    }

    /// How many good answers in a row.
    var consecutive: Int {
        guard case .ready(let policy) = self, let readiness = policy.readiness else { return 1 }
        return max(1, readiness.consecutive)
    }

    /// Nothing but the probe can pass it.
    var dependsOnProbe: Bool {
        guard case .ready(let policy) = self else { return false }
        return policy.readiness != nil
    }
}

extension Duration {
    /// `10 s`, or `0.5 s` where the fraction matters.
    fileprivate var inWords: String {
        let milliseconds = components.attoseconds / 1_000_000_000_000_000
        guard milliseconds > 0 else { return "\(components.seconds) s" }
        return "\(Double(components.seconds * 1000 + milliseconds) / 1000) s"
    }
}

extension ContainerInspect {
    /// A container without an always-restart policy may end by itself.
    fileprivate var mayEnd: Bool {
        switch RestartPolicy(HostConfig?.RestartPolicy) {
        case .never, .onFailure: true
        case .always, .unlessStopped: false
        }
    }

    /// What the engine says of it; `nil` without a health check.
    fileprivate var health: String? {
        guard let status = State?.Health?.Status, !status.isEmpty, status != "none" else { return nil }
        return status
    }

    fileprivate var hasHealthCheck: Bool { health != nil || ProbeProgram(healthCheckOf: self) != nil }

    /// How it ended, in a clause.
    var ending: String {
        let killed = State?.OOMKilled == true ? ": it was killed, for it took more memory than it may (OOM)" : ""
        let error = State?.Error.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return "ended with exit code \(State?.ExitCode ?? 0)\(killed)\(error)"
    }

    /// The engine's last probes.
    var healthLog: [String] {
        (State?.Health?.Log ?? []).suffix(3).map { probe in
            let output = (probe.Output ?? "").split(whereSeparator: \.isNewline).suffix(2).joined(separator: " / ")
            return "exit code \(probe.ExitCode ?? 0)\(output.isEmpty ? "" : ": \(output)")"
        }
    }
}
