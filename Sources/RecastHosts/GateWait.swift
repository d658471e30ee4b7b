import DockerAPI
import RecastModel

/// Waits until a started container may be counted on, or says why it may not.
struct GateWait {
    let container: ContainerHandle
    let gate: Gate
    let reader: EngineReader

    private enum Verdict {
        case passed
        case waiting
        case failed(String)
    }

    func run() async throws {
        let start = ContinuousClock.now
        var pause = Duration.milliseconds(50)
        while true {
            let live = try await reader.container(container.reference)
            switch verdict(on: live, after: ContinuousClock.now - start) {
            case .passed: return
            case .failed(let reason): throw StepFailure(reason, details: await details(of: live))
            case .waiting: break
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .milliseconds(500))
        }
    }

    private func verdict(on live: ContainerInspect, after elapsed: Duration) -> Verdict {
        switch gate {
        case .ready(let policy): ready(live, policy, elapsed)
        case .healthy:
            live.State?.Health == nil
                ? .failed("service_healthy was asked for, but the container has no health check")
                : ready(live, GatePolicy(), elapsed)
        case .completed: completed(live)
        case .steady(let duration): ready(live, GatePolicy(monitor: duration), elapsed)
        }
    }

    private func completed(_ live: ContainerInspect) -> Verdict {
        guard live.State?.Status == "exited" else {
            return live.State?.Status == "restarting" ? .failed(ended(live)) : .waiting
        }
        return live.State?.ExitCode == 0 ? .passed : .failed(ended(live))
    }

    private func ready(_ live: ContainerInspect, _ policy: GatePolicy, _ elapsed: Duration) -> Verdict {
        switch live.State?.Status {
        case "exited", "dead":
            return live.mayEnd && live.State?.ExitCode == 0 ? .passed : .failed(ended(live))
        case "restarting": return .failed(ended(live))
        case "running" where (live.RestartCount ?? 0) > 0: return .failed("restarted within the gate; \(ended(live))")
        case "running": break
        default: return .failed("is \(live.State?.Status ?? "gone") instead of running")
        }
        guard let health = live.State?.Health else { return elapsed >= policy.monitor ? .passed : .waiting }
        switch health.Status {
        case "healthy", "none": return .passed
        case "unhealthy": return .failed("became unhealthy")
        default:
            let limit = policy.healthTimeout ?? live.patience
            return elapsed < limit ? .waiting : .failed("was not healthy within \(limit.components.seconds) s")
        }
    }

    private func ended(_ live: ContainerInspect) -> String {
        let error = live.State?.Error.flatMap { $0.isEmpty ? nil : ": \($0)" } ?? ""
        return "ended with exit code \(live.State?.ExitCode ?? 0)\(error)"
    }

    private func details(of live: ContainerInspect) async -> [StepFailure.Detail] {
        var details: [StepFailure.Detail] = []
        let log = (try? await reader.logTail(container.reference, lines: 20)) ?? []
        if !log.isEmpty { details.append(.init("last lines of its log", log)) }
        let probes = (live.State?.Health?.Log ?? []).suffix(3).map { probe in
            let output = (probe.Output ?? "").split(whereSeparator: \.isNewline).suffix(2).joined(separator: " / ")
            return "exit code \(probe.ExitCode ?? 0)\(output.isEmpty ? "" : ": \(output)")"
        }
        if !probes.isEmpty { details.append(.init("last health probes", probes)) }
        return details
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

    /// How long the health check itself gives the container, and half a minute for a slow host.
    fileprivate var patience: Duration {
        let check = Config?.Healthcheck
        let nanoseconds = { (value: Int64?, standard: Int64) in
            Duration.nanoseconds(value.flatMap { $0 == 0 ? nil : $0 } ?? standard)
        }
        let interval = nanoseconds(check?.Interval, 30_000_000_000)
        let timeout = nanoseconds(check?.Timeout, 30_000_000_000)
        let retries = check?.Retries.flatMap { $0 == 0 ? nil : $0 } ?? 3
        return nanoseconds(check?.StartPeriod, 0) + (interval + timeout) * (retries + 1) + .seconds(30)
    }
}
