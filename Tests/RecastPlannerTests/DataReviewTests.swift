import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// What a plan says about data that it would leave behind or open with another program.
@Suite struct DataReviewTests {
    private static let hosts: [HostName] = ["a", "b", "c"]

    private func desired(on hosts: [HostName], image: String = "postgres:15", shared: Bool = false) throws
        -> PinnedDesired
    {
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
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: Self.hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Scenario.nowhere) },
                instances: instances, networks: [],
                volumes: hosts.map { DesiredVolume(host: $0, key: "data", name: "data") }))
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
        ("new-volume:a:b", "new-volume:a:b"),
        ("new-volume:", nil), ("new-volume", nil), ("data", nil), ("other:data", nil), (":data", nil), ("", nil),
    ])
    func `what is accepted is named with what it is`(text: String, read: String?) {
        #expect(Acceptance(text)?.description == read)
    }
}
