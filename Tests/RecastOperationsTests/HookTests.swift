import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// Programs that run inside a container after its start and before its stop.
@Suite struct HookTests {
    private static let web = InstanceAddress("web", slot: 1)

    private func desired(
        _ engine: SimulatedEngine, version: Int, _ hooks: Hooks, _ order: RolloutPolicy.Order?
    ) throws -> Desired {
        var spec = ContainerSpec(image: try #require(ImageReference("shop/base:1")))
        spec.environment = ["VERSION": "\(version)"]
        var instance = DesiredInstance(
            host: Shop.host, address: Self.web, spec: spec, gate: Shop.quick, position: Shop.nowhere)
        instance.hooks = hooks
        instance.rollout.order = order
        return Desired(
            environment: "test", application: "shop",
            hosts: [HostDefinition(name: Shop.host, engine: engine.address, position: Shop.nowhere)],
            instances: [instance], networks: [], volumes: [])
    }

    /// What came of it, and the failures in words.
    private func apply(
        _ engine: SimulatedEngine, version: Int, _ hooks: Hooks, order: RolloutPolicy.Order? = nil
    ) async throws -> (outcome: Outcome?, failures: [StepFailure]) {
        var failures: [StepFailure] = []
        let desired = try desired(engine, version: version, hooks, order)
        let operations = Operations(desired, toolVersion: "test")
        let outcome = try await operations.apply(
            limits: Schedule.Limits(), approve: { _ in .given },
            emit: { event in if case .failed(_, let failure) = event { failures.append(failure) } })
        return (outcome, failures)
    }

    private func hooks(postStart: [[String]] = [], preStop: [[String]] = []) -> Hooks {
        var hooks = Hooks()
        hooks.postStart = postStart.map { Hook(command: $0, user: "0", environment: ["A": "1"]) }
        hooks.preStop = preStop.map { Hook(command: $0) }
        return hooks
    }

    private func calls(_ engine: SimulatedEngine) -> [String] {
        engine.requests.map(\.route).filter { route in
            ["/start", "/stop", "/exec"].contains { route.hasSuffix($0) } && !route.contains("/exec/")
        }.map { String($0.split(separator: "/").last ?? "") }
    }

    @Test func `hooks run after the start and before the stop, in their order`() async throws {
        try await withSimulatedEngine { engine in
            let hooks = self.hooks(postStart: [["true", "1"], ["true", "2"]], preStop: [["true", "3"]])
            let first = try await apply(engine, version: 1, hooks).outcome
            #expect(first == .done)
            #expect(calls(engine) == ["start", "exec", "exec"])
            let second = try await apply(engine, version: 2, hooks).outcome
            #expect(second == .done)
            #expect(calls(engine) == ["start", "exec", "exec", "start", "exec", "exec", "exec", "stop"])
            let third = try await apply(engine, version: 3, hooks, order: .stopFirst).outcome
            #expect(third == .done)
            #expect(calls(engine).suffix(5) == ["exec", "stop", "start", "exec", "exec"])
        }
    }

    @Test func `other hooks are no reason to replace anything`() async throws {
        try await withSimulatedEngine { engine in
            let before = try await apply(engine, version: 1, hooks()).outcome
            #expect(before == .done)
            let old = engine.snapshot.containers.map(\.id)
            _ = try await apply(engine, version: 1, hooks(postStart: [["true"]]))
            #expect(engine.snapshot.containers.map(\.id) == old)
        }
    }

    @Test func `a hook that fails after the start puts the old container back`() async throws {
        try await withSimulatedEngine { engine in
            let before = try await apply(engine, version: 1, hooks()).outcome
            #expect(before == .done)
            let old = engine.snapshot.containers.map(\.id)
            let (outcome, failures) = try await apply(engine, version: 2, hooks(postStart: [["false", "-x"]]))
            #expect(outcome == .failed)
            #expect(failures.map(\.message) == ["the hook 'false' ended with exit code 1"])
            #expect(engine.snapshot.containers.filter(\.isRunning).map(\.id) == old)
        }
    }

    @Test func `a hook that fails before the stop keeps the container running`() async throws {
        try await withSimulatedEngine { engine in
            let before = try await apply(engine, version: 1, hooks()).outcome
            #expect(before == .done)
            let old = engine.snapshot.containers.map(\.id)
            let after = try await apply(engine, version: 2, hooks(preStop: [["false"]]), order: .stopFirst).outcome
            #expect(after == .failed)
            #expect(engine.snapshot.containers.filter(\.isRunning).map(\.id) == old)
            #expect(!calls(engine).contains("stop"))
        }
    }
}
