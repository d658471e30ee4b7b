import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting

/// Environments that follow one on another on the same hosts.
struct SoakRound {
    let seed: UInt64
    let cycles: Int
    let isVerbose: Bool

    struct Broken: Error, CustomStringConvertible {
        let seed: UInt64
        let cycle: Int
        let what: String
        var description: String { "seed \(seed), cycle \(cycle): \(what)" }
    }

    func run(_ tally: inout Tally) async throws {
        var scenario = Scenario(seed: seed)
        let configurations = scenario.hosts.map { _ in configuration(&scenario.random) }
        var counted = tally
        try await withSimulatedEngines(configurations) { engines in
            let hosts = Dictionary(uniqueKeysWithValues: zip(scenario.hosts, engines))
            for cycle in 1...cycles {
                let desired = scenario.environment().quick(on: hosts.mapValues(\.address))
                counted.cycles += 1
                if !(await disturb(desired, engines, cycle)) { counted.disturbed += 1 }
                let isReached = try await settle(desired, hosts, cycle)
                if !isReached { counted.refused += 1 }
                if isVerbose { try RecastSoak.tell("seed \(seed), cycle \(cycle): \(counted)") }
            }
        }
        tally = counted
    }

    private func configuration(_ random: inout SeededGenerator) -> EngineConfiguration {
        let kinds: [EngineConfiguration] = [.engine20, .engine24, .engine26, .engine28, .engine29, .podman]
        var configuration = kinds.randomElement(using: &random) ?? .engine20
        configuration.id = "soak-\(random.next())"
        configuration.registry = Scenario.registry
        configuration.remembersRequests = false
        configuration.oneWriterVolumes = Set((0...3).map { "app_data\($0)" })
        return configuration
    }

    // MARK: In bad weather

    /// - Returns: whether the apply was done all the same.
    private func disturb(_ desired: Desired, _ engines: [SimulatedEngine], _ cycle: Int) async -> Bool {
        var weather = Weather(seed: seed &* 31 &+ UInt64(cycle))
        weather.jitter = .milliseconds(2)
        (weather.failures, weather.refusals, weather.lostReplies) = (60, 60, 100)
        (weather.stalls, weather.restarts) = (20, 20)
        for (index, engine) in engines.enumerated() { engine.weather = weather.varied(by: index) }
        defer { for engine in engines { engine.weather = nil } }
        var operations = Operations(desired, toolVersion: "soak", asksRegistry: false, origin: origin)
        operations.longestCall = .milliseconds(300)
        return (try? await apply(operations)) == .done
    }

    private var origin: ReleaseOrigin { ReleaseOrigin(actor: "soak", toolVersion: "soak") }

    private func apply(_ operations: Operations) async throws -> Outcome? {
        try await operations.apply(
            limits: Schedule.Limits(), approve: { _ in .standing },
            emit: { if isVerbose { try? RecastSoak.tell("  \($0)") } })
    }

    // MARK: In calm

    /// Reaches what is desired, with every danger to data accepted.
    ///
    /// - Returns: false when the plan cannot be applied.
    private func settle(_ desired: Desired, _ hosts: [HostName: SimulatedEngine], _ cycle: Int) async throws -> Bool {
        let first = try await Operations(desired, toolVersion: "soak", asksRegistry: false).plan().plan
        let accepted = Set(first.hazards.compactMap(\.acceptance))
        guard accepted.count == Set(first.hazards).count || first.hazards.isEmpty else { return false }
        let operations = Operations(
            desired, toolVersion: "soak", asksRegistry: false, accepted: accepted, origin: origin)
        var failures: [String] = []
        let outcome = try await operations.apply(
            limits: Schedule.Limits(), approve: { _ in .standing },
            emit: { event in
                if isVerbose { try? RecastSoak.tell("  \(event)") }
                if case .failed(let step, let failure) = event { failures.append("\(step.action): \(failure)") }
            })
        guard outcome == .done else { throw broken(cycle, "in calm the apply is \(outcome as Any): \(failures)") }
        let plan = try await operations.plan().plan
        guard plan.isEmpty, plan.hazards.isEmpty else {
            throw broken(cycle, "after an apply that is done, a plan has \(plan.changes) \(plan.hazards)")
        }
        for (host, engine) in hosts { try check(engine, host, desired, cycle) }
        return true
    }

    private func check(
        _ engine: SimulatedEngine, _ host: HostName, _ desired: Desired, _ cycle: Int
    ) throws {
        let snapshot = engine.snapshot
        let wanted = desired.instances.filter { $0.host == host && !$0.isJob }.map { "\($0.address)" }.sorted()
        let running = snapshot.containers.filter(\.isRunning).compactMap { container in
            container.labels["io.recast.service"].map { "\($0).\(container.labels["io.recast.slot"] ?? "?")" }
        }.sorted()
        guard running == wanted else { throw broken(cycle, "\(host) runs \(running) in place of \(wanted)") }
        guard snapshot.writerClashes == 0 else { throw broken(cycle, "two wrote to one volume on \(host)") }
        guard snapshot.portClashes == 0 else { throw broken(cycle, "two were to have one port on \(host)") }
    }

    private func broken(_ cycle: Int, _ what: String) -> Broken { Broken(seed: seed, cycle: cycle, what: what) }
}

extension Desired {
    /// The same on these engines, and without waiting for anything.
    fileprivate func quick(on addresses: [HostName: String]) -> Self {
        let hosts = hosts.map { HostDefinition(name: $0.name, engine: addresses[$0.name] ?? "", position: $0.position) }
        let instances = instances.map { instance in
            var quick = instance
            quick.gate = GatePolicy(monitor: .zero, healthTimeout: .seconds(2))
            (quick.rollout.delay, quick.rollout.monitor) = (.zero, .zero)
            if let version = instance.spec.image.tag.flatMap({ Int($0) }), instance.isJob {
                quick.spec.image = Scenario.image("task", version)
            }
            return quick
        }
        return Self(
            environment: environment, application: application, hosts: hosts, instances: instances,
            networks: networks, volumes: volumes)
    }
}
