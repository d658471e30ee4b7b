import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// What a plan says about data that it would leave behind or open with another program.
@Suite struct DataReviewTests {
    private static let hosts: [HostName] = ["a", "b", "c"]

    private func desired(
        on hosts: [HostName], image: String = "postgres:15", shared: Bool = false, recorded: LockFile.Volume? = nil
    ) throws -> PinnedDesired {
        // Another image for each text.
        let digits = String(image.utf8.reduce(1) { $0 &* 31 &+ UInt64($1) }, radix: 16)
        let digest = "sha256:" + String(repeating: "0", count: 64 - digits.count) + digits
        let reference = try #require(ImageReference(image)).pinned(to: digest)
        let instances = hosts.map { host in
            var spec = ContainerSpec(image: reference)
            spec.mounts = [Mount(.volume(name: "data", noCopy: false), at: "/data")]
            var instance = DesiredInstance(
                host: host, address: InstanceAddress("db", slot: 1), spec: spec, position: Scenario.nowhere)
            instance.sharedVolumes = shared ? ["data"] : []
            return instance
        }
        var desired = Desired(
            environment: "test", application: "app",
            hosts: Self.hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Scenario.nowhere) },
            instances: instances, networks: [],
            volumes: hosts.map { DesiredVolume(host: $0, key: "data", name: "data") })
        if let recorded {
            desired.lock = LockFile(
                path: "test.lock.yaml", application: "app", environment: "test", volumes: ["data": recorded])
        }
        return Scenario.pin(desired)
    }

    private func world(_ desired: PinnedDesired) throws -> World {
        var world = World(hosts: Self.hosts)
        for step in Planner().plan(desired, over: world.observed).steps { try world.apply(step) }
        return world
    }

    private func plan(
        _ before: PinnedDesired, _ after: PinnedDesired, accepted: Set<Acceptance> = []
    ) throws -> Plan {
        Planner().plan(after, over: try world(before).observed, accepted: accepted)
    }

    // MARK: Elsewhere

    @Test func `a volume is not begun anew while another host has its data`() throws {
        let plan = try plan(try desired(on: ["a"]), try desired(on: ["b"]))
        let hazard = try #require(plan.hazards.first)
        #expect(plan.hazards.count == 1 && !plan.isApplicable)
        #expect(hazard.kind == .volumeElsewhere && hazard.host == "b")
        #expect(hazard.detail == "its data is on a, and on b it would begin empty")
        #expect(hazard.help.hasSuffix("--accept new-volume:data"))
    }

    @Test func `who says so begins with an empty one`() throws {
        let (before, after) = (try desired(on: ["a"]), try desired(on: ["b"]))
        let plan = try plan(before, after, accepted: [Acceptance(.newVolume, "data")])
        #expect(plan.isApplicable)
        #expect(plan.accepted.map(\.kind) == [.volumeElsewhere])
        let other = try self.plan(before, after, accepted: [Acceptance(.newVolume, "other")])
        #expect(!other.isApplicable)
        var world = try world(before)
        for step in plan.steps { try world.apply(step) }
        #expect(Planner().plan(after, over: world.observed).hazards.isEmpty)
        // Nothing is taken away.
        #expect(world.hosts["a"]?.volumes.map(\.name) == ["data"])
    }

    @Test func `where each host has one of its own, another host begins with one too`() throws {
        #expect(try plan(try desired(on: ["a", "b"]), try desired(on: ["b", "c"])).hazards.isEmpty)
    }

    @Test func `a first deployment begins empty`() throws {
        #expect(Planner().plan(try desired(on: ["a"]), over: World(hosts: Self.hosts).observed).isApplicable)
    }

    @Test func `a volume of that name that is another's is no data of this application`() throws {
        var world = World(hosts: Self.hosts)
        world.hosts["a"]?.volumes = [ObservedVolume(name: "data")]
        #expect(Planner().plan(try desired(on: ["b"]), over: world.observed).hazards.isEmpty)
    }

    @Test func `what hosts that were left out have is not known`() throws {
        let desired = try desired(on: ["b"])
        var world = try world(try self.desired(on: ["a"]))
        world.hosts = world.hosts.filter { $0.key == "b" }
        let plan = Planner().plan(desired, over: world.observed, scope: Planner.Scope(hosts: ["b"]))
        #expect(plan.hazards.map(\.kind) == [.volumeElsewhere] && plan.hazards.allSatisfy { $0.acceptance != nil })
    }

    @Test func `a volume that nothing asks for any more is named once`() throws {
        let before = try desired(on: ["a"])
        let after = Scenario.pin(
            Desired(
                environment: "test", application: "app", hosts: before.hosts, instances: [], networks: [], volumes: []))
        var world = try world(before)
        world.hosts["a"]?.volumes[0].labels = InstanceLabels.ofResource(environment: "test", application: "app")
        let plan = Planner().plan(after, over: world.observed)
        #expect(plan.hosts.flatMap(\.notices) == [.unclaimed(volume: "data")])
        for step in plan.steps { try world.apply(step) }
        #expect(Planner().plan(after, over: world.observed).hosts.flatMap(\.notices).isEmpty)
    }

    @Test func `a volume of another name in the same place begins empty only when somebody says so`() throws {
        let mounting = { (name: String) in
            try self.unnamed(version: 1, mounting: [Mount(.volume(name: name, noCopy: false), at: "/data")])
        }
        let world = try world(try mounting("data"))
        let renamed = try mounting("store")
        let hazards = Planner().plan(renamed, over: world.observed).hazards
        #expect(hazards.map(\.kind) == [.volumeElsewhere])
        #expect(hazards.first?.detail == "the data of /data is in volume data, and this one would begin empty")
        #expect(
            Planner().plan(renamed, over: world.observed, accepted: [Acceptance(.newVolume, "store")]).isApplicable)
    }

    @Test func `data of another time is gone on with only when somebody says so`() throws {
        var world = try world(try desired(on: ["a"]))
        let moved = try desired(on: ["b"])
        for step in Planner().plan(moved, over: world.observed, accepted: [Acceptance(.newVolume, "data")]).steps {
            try world.apply(step)
        }
        let back = try desired(on: ["a"])
        let plan = Planner().plan(back, over: world.observed)
        #expect(plan.hazards.map(\.kind) == [.volumeElsewhere])
        #expect(plan.hazards.first?.acceptance == Acceptance(.otherVolume, "data"))
        #expect(Planner().plan(moved, over: world.observed).isEmpty)
        #expect(
            Planner().plan(back, over: world.observed, accepted: [Acceptance(.otherVolume, "data")]).isApplicable)
    }

    @Test func `a copy that counts as unfinished may be all that there is`() throws {
        var world = try world(try desired(on: ["a"]))
        world.hosts["a"]?.containers = []
        world.hosts["a"]?.volumes[0].labels = InstanceLabels.ofResource(environment: "test", application: "app")
        world.hosts["a"]?.volumes[0].labels[InstanceLabels.Key.incoming.name] = "token"
        let plan = Planner().plan(try desired(on: ["b"]), over: world.observed)
        #expect(plan.hazards.map(\.kind) == [.volumeElsewhere])
    }

    @Test func `what a narrowed plan leaves as it is keeps its volume to itself`() throws {
        let service = { (name: ServiceName, volume: String) in
            var spec = ContainerSpec(
                image: try #require(ImageReference("db:1")).pinned(to: "sha256:" + String(repeating: "1", count: 64)))
            spec.mounts = [Mount(.volume(name: volume, noCopy: false), at: "/data")]
            return DesiredInstance(
                host: "a", address: InstanceAddress(name, slot: 1), spec: spec, position: Scenario.nowhere)
        }
        let desired = { (first: String, second: String) in
            Scenario.pin(
                Desired(
                    environment: "test", application: "app",
                    hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                    instances: [try service("one", first), try service("two", second)], networks: [],
                    volumes: ["v", "w"].map { DesiredVolume(host: "a", key: $0, name: $0) }))
        }
        var world = World(hosts: ["a"])
        for step in Planner().plan(try desired("v", "w"), over: world.observed).steps { try world.apply(step) }
        let swapped = try desired("w", "v")
        let plan = Planner().plan(swapped, over: world.observed, scope: Planner.Scope(services: ["one"]))
        #expect(plan.hazards.map(\.kind) == [.volumeInUse] && !plan.isApplicable)
        #expect(!Planner().plan(swapped, over: world.observed).hazards.contains { $0.kind == .volumeInUse })
        world.hosts["a"]?.foreignWriters = ["v": ["stranger"]]
        let foreign = Planner().plan(swapped, over: world.observed).hazards.filter { $0.kind == .volumeInUse }
        #expect(foreign.count == 1 && foreign.allSatisfy { $0.detail.contains("stranger") })
    }

    // MARK: The lock file

    @Test func `a volume that the lock file records is missed when it is gone`() throws {
        let recorded = LockFile.Volume(host: "b", identity: "1")
        let desired = try desired(on: ["a"], recorded: recorded)
        let empty = World(hosts: Self.hosts).observed
        let plan = Planner().plan(desired, over: empty)
        #expect(plan.hazards.map(\.kind) == [.volumeMissing] && !plan.isApplicable)
        #expect(Planner().plan(desired, over: empty, accepted: [Acceptance(.newVolume, "data")]).isApplicable)
    }

    @Test func `another volume of that name is begun on only when somebody says so`() throws {
        var world = try world(try desired(on: ["a"]))
        let identity = try #require(world.hosts["a"]?.volumes.first?.labels[InstanceLabels.Key.identity.name] ?? "none")
        let other = try desired(on: ["a"], recorded: LockFile.Volume(host: "a", identity: "another"))
        // What runs goes on.
        #expect(Planner().plan(other, over: world.observed).isEmpty)
        world.hosts["a"]?.containers = []
        #expect(Planner().plan(other, over: world.observed).hazards.map(\.kind) == [.volumeMissing])
        world.hosts["a"]?.volumes[0].labels[InstanceLabels.Key.identity.name] = identity
        let same = try desired(on: ["a"], recorded: LockFile.Volume(host: "a", identity: identity))
        #expect(Planner().plan(same, over: world.observed).isApplicable)
    }

    // MARK: Unnamed volumes

    private func unnamed(version: Int, mounting mounts: [Mount]) throws -> PinnedDesired {
        try MountedService.desired(version: version, mounts, hosts: Self.hosts)
    }

    @Test func `an unnamed volume is taken over, and never has two writers`() throws {
        let mount = Mount(.anonymous(noCopy: false), at: "/data")
        var world = try world(try unnamed(version: 1, mounting: [mount]))
        let before = world.hosts["a"]?.containers.first?.unnamed
        let plan = Planner().plan(try unnamed(version: 2, mounting: [mount]), over: world.observed)
        #expect(plan.changes.compactMap(\.replacement?.order) == [.stopFirst])
        #expect(plan.hosts.flatMap(\.notices) == [.unnamedKept(InstanceAddress("db", slot: 1), ["/data"])])
        for step in plan.steps { try world.apply(step) }
        #expect(world.hosts["a"]?.containers.first { $0.state == .running }?.unnamed == before)
        // What the image asked for, and the next one does not.
        let next = Planner().plan(try unnamed(version: 3, mounting: []), over: world.observed)
        #expect(next.changes.compactMap(\.replacement?.order) == [.stopFirst])
    }

    @Test func `a named volume in its place begins empty only when somebody says so`() throws {
        var world = try world(try unnamed(version: 1, mounting: [Mount(.anonymous(noCopy: false), at: "/data")]))
        let named = try unnamed(version: 2, mounting: [Mount(.volume(name: "data", noCopy: false), at: "/data/")])
        let plan = Planner().plan(named, over: world.observed)
        #expect(plan.hazards.map(\.kind) == [.volumeElsewhere])
        #expect(
            Planner().plan(named, over: world.observed, accepted: [Acceptance(.newVolume, "data")]).isApplicable)
        // That very volume, by its name.
        let name = try #require(world.hosts["a"]?.containers.first?.unnamed["/data"])
        var volume = ObservedVolume(name: name)
        volume.labels = InstanceLabels.ofResource(environment: "test", application: "app")
        world.hosts["a"]?.volumes.append(volume)
        let same = try unnamed(version: 2, mounting: [Mount(.volume(name: name, noCopy: false), at: "/data")])
        let kept = Planner().plan(same, over: world.observed)
        #expect(kept.hazards.isEmpty && kept.changes.compactMap(\.replacement?.order) == [.stopFirst])
    }

    // MARK: Backups

    @Test func `what is backed up before a replacement has stopped, and is started only then`() throws {
        let policy = BackupPolicy(folder: "saved", keep: 2)
        let backed = { (version: Int) in
            let plain = try self.unnamed(
                version: version, mounting: [Mount(.volume(name: "data", noCopy: false), at: "/d")])
            var instance = plain.instances[0].instance
            instance.rollout.backup = policy
            return Scenario.pin(
                Desired(
                    environment: "test", application: "app", hosts: plain.hosts, instances: [instance], networks: [],
                    volumes: plain.volumes))
        }
        var world = try world(try backed(1))
        #expect(!Planner().plan(try backed(1), over: World(hosts: Self.hosts).observed).steps.contains(where: isBackup))
        let plan = Planner().plan(try backed(2), over: world.observed)
        let order = plan.steps.compactMap { step -> String? in
            switch step.action {
            case .stop: "stop"
            case .backUp(let save): save.policy == policy ? "back up \(save.volume)" : nil
            case .start: "start"
            default: nil
            }
        }
        #expect(order == ["stop", "back up data", "start"])
        for step in plan.steps { try world.apply(step) }
    }

    private func isBackup(_ step: Step) -> Bool { if case .backUp = step.action { true } else { false } }

    // MARK: Versions

    @Test(arguments: [
        ("postgres:15", "postgres:16", true), ("postgres:15.2-alpine", "postgres:16-alpine", true),
        ("postgres:15.2", "postgres:15.4", false), ("postgres:latest", "postgres:16", false),
        ("postgres:15alpha", "postgres:16", false), ("bitnami/postgresql:15", "bitnami/postgresql:16", true),
        ("shop/web:15", "shop/web:16", false), ("quay.io/x/mysql:v8", "quay.io/x/mysql:v9", true),
    ])
    func `another major version of a data store is accepted by name`(before: String, after: String, isHazard: Bool)
        throws
    {
        let (before, after) = (try desired(on: ["a"], image: before), try desired(on: ["a"], image: after))
        let plan = try plan(before, after)
        #expect(plan.hazards.map(\.kind) == (isHazard ? [.dataVersion] : []))
        #expect(try self.plan(before, after, accepted: [Acceptance(.newVersion, "db")]).isApplicable)
    }

    // MARK: Order

    @Test(arguments: [(false, RolloutPolicy.Order.stopFirst), (true, .startFirst)])
    func `only a volume that is said to be shared has two writers`(shared: Bool, order: RolloutPolicy.Order) throws {
        let plan = try plan(
            try desired(on: ["a"], image: "web:1", shared: shared),
            try desired(on: ["a"], image: "web:2", shared: shared))
        #expect(plan.changes.compactMap(\.replacement?.order) == [order])
    }
}

@Suite struct AcceptanceTests {
    @Test(arguments: [
        ("new-volume:data", "new-volume:data"), ("new-version:db", "new-version:db"),
        ("schema:main", "schema:main"),
        ("new-volume:a:b", "new-volume:a:b"),
        ("new-volume:", nil), ("new-volume", nil), ("data", nil), ("other:data", nil), (":data", nil), ("", nil),
    ])
    func `what is accepted is named with what it is`(text: String, read: String?) {
        #expect(Acceptance(text)?.description == read)
    }
}
