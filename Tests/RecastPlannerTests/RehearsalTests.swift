import RecastModel
import RecastPlanner
import RecastTesting
import Testing

@Suite struct RehearsalTests {
    private static let hosts: [HostName] = ["a"]

    private func desired(version: Int) throws -> PinnedDesired {
        let mounts = [Mount(.volume(name: "data", noCopy: false), at: "/data")]
        let pinned = try MountedService.desired(version: version, mounts, hosts: Self.hosts)
        var instance = try #require(pinned.instances.first).instance
        instance.rollout.rehearse = true
        instance.spec.files = [
            DeliveredFile(.config, "settings", at: "/data/settings", content: FileContent([1]), mode: 0o400)
        ]
        return Scenario.pin(
            Desired(
                environment: "test", application: "app", hosts: pinned.hosts, instances: [instance], networks: [],
                volumes: pinned.volumes))
    }

    @Test func `a file below a volume stays mounted where the rehearsal has no volume`() throws {
        var world = World(hosts: Self.hosts)
        for step in Planner().plan(try desired(version: 1), over: world.observed).steps { try world.apply(step) }
        let steps = Planner().plan(try desired(version: 2), over: world.observed).steps
        let rehearsed = steps.compactMap { step -> ContainerCreation? in
            if case .createContainer(let creation) = step.action, creation.purpose == .rehearsal {
                creation
            } else {
                nil
            }
        }
        let spec = try #require(rehearsed.first).spec
        #expect(spec.mounts.isEmpty)
        #expect(spec.mountedFiles.map(\.target) == ["/data/settings"])
        for step in steps { try world.apply(step) }
        #expect(world.hosts["a"]?.containers.count { $0.purpose == .rehearsal } == 0)
    }
}
