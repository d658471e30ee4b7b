import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// Volumes that several services have, or that one service has no more.
@Suite struct SharedDataTests {
    private static let hosts: [HostName] = ["a", "b", "c"]

    /// Services that share the volume `data`, by the host on which each is.
    private func desired(_ places: [ServiceName: HostName], version: Int = 1) throws -> PinnedDesired {
        let digest = "sha256:" + String(repeating: "\(version)", count: 64)
        let instances = try places.sorted { $0.key < $1.key }.map { service, host in
            var spec = ContainerSpec(image: try #require(ImageReference("shop/app:1")).pinned(to: digest))
            spec.mounts = [Mount(.volume(name: "data", noCopy: false), at: "/data")]
            var instance = DesiredInstance(
                host: host, address: InstanceAddress(service, slot: 1), spec: spec, position: Scenario.nowhere)
            instance.sharedVolumes = ["data"]
            return instance
        }
        let byHost = Dictionary(grouping: places, by: \.value).mapValues { $0.map(\.key).sorted() }
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: Self.hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Scenario.nowhere) },
                instances: instances, networks: [],
                volumes: byHost.sorted { $0.key < $1.key }.map { host, services in
                    var volume = DesiredVolume(host: host, key: "data", name: "data")
                    volume.services = services
                    return volume
                }))
    }

    private func world(_ desired: PinnedDesired) throws -> World {
        var world = World(hosts: Self.hosts)
        if desired.instances.contains(where: { !$0.instance.sharedVolumes.isEmpty }) { world.sharedVolumes = ["data"] }
        for step in Planner().plan(desired, over: world.observed).steps { try world.apply(step) }
        return world
    }

    @Test(
        arguments: [
            (["one": "b", "two": "c"], ["b", "c"]), (["one": "a", "two": "c"], ["c"]),
            (["one": "b", "two": "b"], ["b"]),
            (["one": "a", "two": "a"], []),
        ] as [([ServiceName: HostName], [HostName])])
    func `services that leave their shared volume do not begin with an empty one`(
        places: [ServiceName: HostName], refused: [HostName]
    ) throws {
        let world = try world(try desired(["one": "a", "two": "a"]))
        let plan = Planner().plan(try desired(places), over: world.observed)
        #expect(plan.hazards.map(\.kind) == refused.map { _ in .volumeElsewhere })
        #expect(plan.hazards.compactMap(\.host) == refused)
    }

    private func move(_ world: World, to host: HostName) throws -> Plan {
        var scope = Planner.Scope(services: ["one", "two"])
        scope.moves = ["one", "two"]
        return Planner().plan(try desired(["one": host, "two": host]), over: world.observed, scope: scope)
    }

    @Test func `services that share a volume move with one copy of it, and go back together`() throws {
        var world = try world(try desired(["one": "a", "two": "a"]))
        let plan = try move(world, to: "b")
        let copies = plan.steps.filter { if case .copyVolume = $0.action { true } else { false } }
        #expect(plan.hazards.isEmpty && copies.count == 1)
        #expect(Set(plan.steps.filter { $0.phase == .containers }.map(\.unit?.address)).count == 1)
        for step in plan.steps { try world.apply(step) }
        #expect(world.writers(of: "data") == ["b"])
        #expect(world.hosts["b"]?.containers.count { $0.state == .running } == 2)
    }

    // MARK: Mounts that come and go

    private func mounting(_ mounts: [Mount], version: Int) throws -> PinnedDesired {
        try MountedService.desired(version: version, mounts, hosts: Self.hosts)
    }

    private let named = Mount(.volume(name: "data", noCopy: false), at: "/data")
    private let unnamed = Mount(.anonymous(noCopy: false), at: "/data")

    @Test func `a service goes on without its volume only when somebody says so`() throws {
        let world = try world(try mounting([named], version: 1))
        for mounts in [[], [unnamed]] {
            let without = try mounting(mounts, version: 2)
            let plan = Planner().plan(without, over: world.observed)
            #expect(plan.hazards.map(\.acceptance) == [Acceptance(.leaveVolume, "data")])
            #expect(
                Planner().plan(without, over: world.observed, accepted: [Acceptance(.leaveVolume, "data")])
                    .isApplicable)
        }
        let elsewhere = try mounting([Mount(.volume(name: "data", noCopy: false), at: "/other")], version: 2)
        #expect(Planner().plan(elsewhere, over: world.observed).hazards.isEmpty)
    }

    @Test func `what was written meanwhile is not lost sight of when the volume comes back`() throws {
        var world = try world(try mounting([named], version: 1))
        let without = try mounting([unnamed], version: 2)
        for step in Planner().plan(
            without, over: world.observed, accepted: [Acceptance(.leaveVolume, "data")]
        ).steps { try world.apply(step) }
        let plan = Planner().plan(try mounting([named], version: 3), over: world.observed)
        #expect(plan.hazards.map(\.acceptance) == [Acceptance(.otherVolume, "data")])
    }

    // MARK: Backups

    @Test func `an apply that was killed after the start is finished without another backup`() throws {
        let backed = { (version: Int) in
            let plain = try self.mounting([self.named], version: version)
            var instance = plain.instances[0].instance
            instance.rollout.backup = BackupPolicy(folder: "saved", keep: 2)
            return Scenario.pin(
                Desired(
                    environment: "test", application: "app", hosts: plain.hosts, instances: [instance], networks: [],
                    volumes: plain.volumes))
        }
        var world = try world(try backed(1))
        let plan = Planner().plan(try backed(2), over: world.observed)
        let start = try #require(plan.steps.firstIndex { if case .start = $0.action { true } else { false } })
        for step in plan.steps.prefix(start + 1) { try world.apply(step) }
        let rest = Planner().plan(try backed(2), over: world.observed)
        #expect(!rest.steps.contains { if case .backUp = $0.action { true } else { false } })
        for step in rest.steps { try world.apply(step) }
        #expect(Planner().plan(try backed(2), over: world.observed).isEmpty)
        // Killed before the start, it is backed up once more.
        var early = try self.world(try backed(1))
        for step in plan.steps.prefix(start) { try early.apply(step) }
        #expect(
            Planner().plan(try backed(2), over: early.observed).steps.contains {
                if case .backUp = $0.action { true } else { false }
            })
    }
}
