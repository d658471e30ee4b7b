import RecastExecutor
import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// A service with a volume is placed here and there, moved, applied, and all of it is killed or fails anywhere.
@Suite struct MoveProperties {
    private static let hosts: [HostName] = ["a", "b", "c"]

    private func desired(on host: HostName, version: Int) throws -> PinnedDesired {
        let digest = "sha256:" + String(repeating: "0", count: 63) + String(version % 10)
        var spec = ContainerSpec(image: try #require(ImageReference("db:1")).pinned(to: digest))
        spec.mounts = [Mount(.volume(name: "data", noCopy: false), at: "/data")]
        spec.restart = .unlessStopped
        let instance = DesiredInstance(
            host: host, address: InstanceAddress("db", slot: 1), spec: spec, position: Scenario.nowhere)
        var volume = DesiredVolume(host: host, key: "data", name: "data")
        volume.services = ["db"]
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: Self.hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Scenario.nowhere) },
                instances: [instance], networks: [], volumes: [volume]))
    }

    private func plan(_ desired: PinnedDesired, _ world: World, moves: Bool) -> Plan {
        var scope = Planner.Scope()
        if moves { (scope.services, scope.moves) = (["db"], ["db"]) }
        return Planner().plan(desired, over: world.observed, scope: scope)
    }

    /// What a person does who wants the data here: takes away what stayed behind when it went, or went back.
    ///
    /// - Returns: the writes that were given up with it.
    @discardableResult
    private func removeLeft(_ world: inout World, on host: HostName) -> Set<Int> {
        let whereabouts = VolumeWhereabouts(world.observed, "test", "app")
        guard let state = world.hosts[host], !state.containers.contains(where: { !$0.spec.mounts.isEmpty }) else {
            return []
        }
        switch whereabouts.standing(of: "data", on: host) {
        case .moved(let target):
            guard let left = whereabouts.volume("data", on: host) else { return [] }
            confirmArrival(&world, of: left, on: target, whereabouts)
            remove(&world, on: host)
            return []
        case .diverged: return remove(&world, on: host)
        case .absent, .foreign, .incomplete, .current: return []
        }
    }

    /// - Returns: what was in it.
    @discardableResult
    private func remove(_ world: inout World, on host: HostName) -> Set<Int> {
        world.hosts[host]?.volumes.removeAll { $0.name == "data" || VolumeRecord($0)?.volume == "data" }
        return world.contents.removeValue(forKey: .init(host, "data")) ?? []
    }

    private func confirmArrival(
        _ world: inout World, of left: ObservedVolume, on target: HostName, _ whereabouts: VolumeWhereabouts
    ) {
        let copy = whereabouts.volume("data", on: target)
        if let token = copy?[.incoming], copy?[.origin] == left.incarnation {
            let arrival = VolumeRecord(.complete, of: "data", token: token)
            var record = ObservedVolume(name: arrival.name)
            record.labels = InstanceLabels.ofResource(environment: "test", application: "app")
                .merging(arrival.labels) { $1 }
            world.hosts[target]?.volumes.append(record)
        }
    }

    /// Where the data is, it runs, or ran until a move took its restart policy away.
    private func hasRun(_ world: World) -> Bool {
        VolumeWhereabouts(world.observed, "test", "app").owners(of: "data").contains { host in
            world.hosts[host]?.containers.contains {
                !$0.startedAt.isEmpty && ($0.state == .running || $0.spec.restart == .never)
            } ?? false
        }
    }

    /// - Returns: whether nobody is there any more to put things back, or a host.
    private func fleet(
        _ world: World, calls: Int, _ random: inout SeededGenerator, _ comment: Comment
    ) -> (WorldFleet, isDisturbed: Bool) {
        let killed = Bool.random(using: &random) ? Int.random(in: 0...calls + 3, using: &random) : nil
        let faulty = Bool.random(using: &random) ? Int.random(in: 1...max(calls, 1), using: &random) : nil
        let fault = WorldFleet.Fault.allCases.randomElement(using: &random) ?? .refuses
        let fleet = WorldFleet(world, faultyCall: faulty, fault: fault, lastCall: killed) { world in
            #expect(world.writers(of: "data").count <= 1, comment)
        }
        return (fleet, killed != nil || fault == .losesHost)
    }

    @Test(arguments: 0..<4) func `whatever happens, one host has the data, all of it`(part: UInt64) async throws {
        var finished = 0
        for seed in part * 60..<(part + 1) * 60 {
            var random = SeededGenerator(seed: seed)
            var world = World(hosts: Self.hosts)
            var acknowledged: Set<Int> = []
            var given: Set<Int> = []
            for round in 1...12 {
                let host = Self.hosts.randomElement(using: &random) ?? "a"
                if Int.random(in: 0..<3, using: &random) == 0 { given.formUnion(removeLeft(&world, on: host)) }
                let desired = try desired(on: host, version: round)
                let moves = Bool.random(using: &random)
                let plan = plan(desired, world, moves: moves)
                if !plan.isApplicable { continue }
                let comment: Comment = "seed \(seed), round \(round), \(moves ? "move" : "apply") to \(host)"
                let calls = plan.steps.count
                let ran = hasRun(world)
                let (fleet, isDisturbed) = fleet(world, calls: calls, &random, comment)
                let outcome = await Executor(hosts: fleet.hosts(Self.hosts)).run(plan) { _ in }
                world = fleet.world
                finished += outcome == .done ? 1 : 0
                let written = world.written["data"] ?? []
                // While it runs again, all that was acknowledged is there.
                if !world.writers(of: "data").isEmpty {
                    #expect(acknowledged.isSubset(of: written), comment)
                    acknowledged.formUnion(written)
                }
                expectAllKept(in: world, but: given, comment)
                let hasCopied = fleet.done.contains { if case .copyVolume = $0 { true } else { false } }
                if !isDisturbed, hasCopied, ran {
                    #expect(!world.writers(of: "data").isEmpty, "\(comment): down")
                }
                let owners = VolumeWhereabouts(world.observed, "test", "app").owners(of: "data")
                #expect(owners.count <= 1, "\(comment): \(owners)")
                #expect(acknowledged.isEmpty || owners.count == 1, comment)
            }
            try expectReachable(&world, acknowledged, "seed \(seed)")
        }
        #expect(finished > 100, "of 720 at most \(finished) were carried through")
    }

    /// Whatever was written stays until a person names its volume.
    private func expectAllKept(in world: World, but given: Set<Int>, _ comment: Comment) {
        let kept = world.contents.values.reduce(given) { $0.union($1) }
        #expect(world.writes == 0 || kept.isSuperset(of: 1...world.writes), comment)
    }

    private func carryOut(_ plan: Plan, _ world: inout World, _ comment: Comment) {
        #expect(plan.hazards.isEmpty, "\(comment): \(plan.hazards.map(\.detail))")
        do { for step in plan.steps { try world.apply(step) } } catch { Issue.record("\(comment): \(error)") }
    }

    /// Wherever it is, it can be brought to every host, with everything in it.
    private func expectReachable(_ world: inout World, _ acknowledged: Set<Int>, _ comment: Comment) throws {
        for (index, host) in Self.hosts.enumerated() {
            let owner = VolumeWhereabouts(world.observed, "test", "app").owners(of: "data").first ?? host
            carryOut(try plan(desired(on: owner, version: 90 + index), world, moves: false), &world, comment)
            removeLeft(&world, on: host)
            let desired = try desired(on: host, version: 93 + index)
            carryOut(plan(desired, world, moves: true), &world, comment)
            carryOut(plan(desired, world, moves: false), &world, comment)
            #expect(plan(desired, world, moves: false).isEmpty, comment)
            #expect(world.writers(of: "data") == [host], comment)
            #expect(acknowledged.isSubset(of: world.written["data"] ?? []), comment)
        }
    }
}
