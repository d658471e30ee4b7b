import RecastModel
import RecastPlanner
import RecastTesting
import Testing

/// A container that ended with 0 is done, or it is down.
@Suite struct OneShotTests {
    private func change(isJob: Bool) throws -> [Change] {
        let image = Scenario.image("web", 1)
        let instance = DesiredInstance(
            host: "a", address: InstanceAddress("web", slot: 1), spec: ContainerSpec(image: image), isJob: isJob,
            position: Scenario.nowhere)
        let desired = Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: [HostDefinition(name: "a", engine: "unix:///a", position: Scenario.nowhere)],
                instances: [instance], networks: [], volumes: []))
        var world = World(hosts: ["a"])
        for step in Planner().plan(desired, over: world.observed).steps { try world.apply(step) }
        world.hosts["a"]?.containers[0].state = .exited
        return Planner().plan(desired, over: world.observed).changes
    }

    @Test func `a service that ended well is down, and is started`() throws {
        #expect(try change(isJob: false).map(\.action) == [.start])
    }

    @Test func `a job that ended well is done`() throws {
        #expect(try change(isJob: true).isEmpty)
    }
}

@Suite struct SecretDifferenceTests {
    @Test(arguments: [("command", true), ("image", false)])
    func `a text that the shell passed is in no difference but that of the image`(field: String, isHidden: Bool) {
        var fields = Fields()
        fields[field] = "x abc123"
        let found = Comparison.differences(
            expected: fields, live: Fields(), on: EngineReviewTests.docker20, secrets: ["abc123"])
        #expect(found.map(\.isSensitive) == [isHidden])
        #expect(found.map(\.desired) == [isHidden ? nil : "x abc123"])
    }
}
