import RecastModel
import Testing

@Suite struct RolloutOverrideTests {
    private func desired() throws -> Desired {
        let image = try #require(ImageReference("shop/web:1"))
        let position = SourcePosition(file: "f", line: 1, column: 1)
        let instances = (1...2).map { slot in
            var instance = DesiredInstance(
                host: "h1", address: InstanceAddress("web", slot: slot), spec: ContainerSpec(image: image),
                position: position)
            instance.rollout.canary = slot
            instance.rollout.failureAction = slot == 1 ? .pause : .continue
            return instance
        }
        return Desired(
            environment: "prod", application: "shop", hosts: [], instances: instances, networks: [], volumes: [])
    }

    @Test func `without overrides nothing changes`() throws {
        #expect(try desired().overriding(RolloutOverrides()) == desired())
    }

    @Test func `the failure action and the rehearsal hold for every service, the rest stays`() throws {
        let rollouts = try desired().overriding(RolloutOverrides(failureAction: .rollback, rehearse: true))
            .instances.map(\.rollout)
        #expect(rollouts.map(\.failureAction) == [.rollback, .rollback])
        #expect(rollouts.map(\.rehearse) == [true, true])
        #expect(rollouts.map(\.canary) == [1, 2])
        let rehearsed = try desired().overriding(RolloutOverrides(rehearse: true)).instances.map(\.rollout)
        #expect(rehearsed.map(\.failureAction) == [.pause, .continue])
    }
}
