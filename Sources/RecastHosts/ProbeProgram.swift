import DockerAPI
package import RecastModel

/// A probe as a program that runs inside the container.
struct ProbeProgram: Sendable {
    let program: ExecCreate
    /// How long it may take to answer.
    private(set) var limit: Duration
    /// It is Recast's own script, and cannot work in every image.
    let needsTools: Bool

    /// A health check, as the engine itself runs it; `nil` when the container has none.
    ///
    /// User, environment and folder are the container's own, which is what an exec has by itself.
    init?(healthCheckOf live: ContainerInspect) {
        let check = live.Config?.Healthcheck
        let test = check?.Test ?? []
        switch test.first {
        case "CMD" where test.count > 1: program = ExecCreate(Cmd: Array(test.dropFirst()))
        case "CMD-SHELL" where test.count > 1:
            let shell = live.Config?.Shell ?? []
            program = ExecCreate(Cmd: (shell.isEmpty ? ["/bin/sh", "-c"] : shell) + test.dropFirst())
        default: return nil
        }
        limit = HealthTimings(check).timeout
        needsTools = false
    }

    init(_ probe: Probe) {
        program = ExecCreate(Cmd: probe.command)
        if case .exec = probe {
            (limit, needsTools) = (.seconds(60), false)
        } else {
            (limit, needsTools) = (.seconds(20), true)
        }
    }

    /// The same with another limit.
    func limited(to limit: Duration) -> Self {
        var copy = self
        copy.limit = limit
        return copy
    }
}

extension Probe {
    /// What runs inside the container.
    package var command: [String] {
        switch self {
        case .exec(let command): command
        case .http(let port, let path): ["/bin/sh", "-c", ProbeScript.http, "recast", "\(port)", path]
        case .tcp(let port): ["/bin/sh", "-c", ProbeScript.tcp, "recast", "\(port)"]
        }
    }
}

/// How a probe was answered.
enum ProbeAnswer: Hashable, Sendable {
    /// With an exit code, and what it said about it in one line.
    case ended(code: Int, String)
    /// Not within its time.
    case hung(Duration)
    /// The container does not run.
    case notRunning
    /// The image lacks what the probe needs.
    case noTools
    /// The engine does not run programs in this container.
    case refused(String)

    var isGood: Bool { self == .ended(code: 0, "") }

    /// In a clause.
    var description: String {
        switch self {
        case .ended(let code, let words): "exit code \(code)" + (words.isEmpty ? "" : ": \(words)")
        case .hung(let limit): "no answer within \(limit.components.seconds) s"
        case .notRunning: "the container does not run"
        case .noTools:
            "the image has no shell or no tool that could ask; "
                + "say `ready: { exec: [...] }` with a program of the image, or give it a health check"
        case .refused(let reason): "cannot run programs in the container: \(reason)"
        }
    }
}

extension EngineClient {
    /// Asks once, inside a container.
    ///
    /// It throws `EngineError` when the connection fails.
    ///
    /// - Returns: what was wrong with the answer, in a clause; `nil`: nothing.
    package func problem(asking probe: Probe, in container: String) async throws -> String? {
        let answer = try await ask(ProbeProgram(probe), in: container)
        return answer.isGood ? nil : answer.description
    }

    /// Asks once; a connection that fails is thrown.
    func ask(_ probe: ProbeProgram, in container: String) async throws -> ProbeAnswer {
        do {
            let result = try await run(probe.program, in: container, timeout: probe.limit)
            return probe.answer(result)
        } catch let error as EngineError where error.code == .timedOut {
            return .hung(probe.limit)
        } catch let error as EngineError where error.code == .status {
            if error.status == 409 || error.message.contains("not running") { return .notRunning }
            return probe.isShellMissing(error.message) ? .noTools : .refused(error.description)
        }
    }
}

extension ProbeProgram {
    fileprivate func answer(_ result: ExecResult) -> ProbeAnswer {
        let words = result.output.suffix(2).joined(separator: " / ").prefix(300)
        switch result.exitCode {
        case 0: return .ended(code: 0, "")
        case ProbeScript.noTools where needsTools: return .noTools
        case 126,
            127 where isShellMissing(String(words)):
            return .noTools
        default: return .ended(code: result.exitCode, String(words))
        }
    }

    /// Whether the engine says that there is no shell; it says other things in the same way.
    fileprivate func isShellMissing(_ words: String) -> Bool {
        needsTools && words.contains("/bin/sh")
            && ["no such file", "not found", "permission denied"].contains { words.lowercased().contains($0) }
    }
}

/// A health check's own timings, with the engine's defaults.
struct HealthTimings {
    let startPeriod: Duration
    let interval: Duration
    let timeout: Duration
    let retries: Int

    init(_ check: ContainerConfig.Health?) {
        let duration = { (nanoseconds: Int64?, standard: Duration) in
            nanoseconds.flatMap { $0 == 0 ? nil : .nanoseconds($0) } ?? standard
        }
        startPeriod = duration(check?.StartPeriod, .zero)
        interval = duration(check?.Interval, .seconds(30))
        timeout = duration(check?.Timeout, .seconds(30))
        retries = check?.Retries.flatMap { $0 == 0 ? nil : $0 } ?? 3
    }

    /// How long the check itself gives the container, and half a minute for a slow host.
    var patience: Duration { startPeriod + (interval + timeout) * (retries + 1) + .seconds(30) }
}
