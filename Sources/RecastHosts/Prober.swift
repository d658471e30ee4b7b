import DockerAPI
import RecastModel

/// Asks a probe again and again, at first at once.
struct Prober: Sendable {
    let wait: GateWait
    let probe: ProbeProgram

    /// How often in a row an engine may refuse before it is taken at its word.
    private static let patience = 3

    /// - Returns: `nil` when it gives up, because the engine does not run programs in this container, and its own
    ///   health checks have to do.
    func run() async throws -> GateWait.Verdict? {
        var pause = Duration.milliseconds(50)
        var (inRow, refusals) = (0, 0)
        while true {
            let answer = try await answer()
            wait.notes.hear(answer)
            wait.notes.say(answer.description)
            inRow = answer.isGood ? inRow + 1 : 0
            if inRow >= wait.gate.consecutive { return .passed }
            if case .noTools = answer { return .failed("cannot be asked whether it is ready: \(answer.description)") }
            refusals = if case .refused = answer { refusals + 1 } else { 0 }
            if refusals >= Self.patience {
                return wait.gate.dependsOnProbe ? .failed(answer.description) : nil
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 1.5, .milliseconds(250))
        }
    }

    private func answer() async throws -> ProbeAnswer {
        do {
            return try await wait.client.ask(probe, in: wait.container.reference)
        } catch let error as EngineError {
            // Whoever looks at the state finds out whether the engine is gone for good.
            return .refused(error.description)
        }
    }
}
