import RecastModel
import Testing

@testable import RecastExecutor

/// In which order what was done goes back.
@Suite struct WavesTests {
    private let host: HostName = "a"

    private func step(_ id: Int, _ phase: Step.Phase, _ action: Action, _ service: ServiceName) -> Step {
        Step(id: id, host: host, action: action, phase: phase, instance: InstanceAddress(service, slot: 1))
    }

    /// A task before stops whoever shares its namespaces, and those start again among the other containers.
    @Test func `what stopped in an earlier phase goes back later, however late it was done`() throws {
        let (stop, start) = (Action.stop(container: .name("old"), grace: 10), Action.start(container: .name("new")))
        let attempted = [
            step(1, .before, stop, "task"), step(3, .containers, start, "web"),
            step(2, .containers, .await(container: .name("new"), .steady(.seconds(1))), "task"),
        ]
        let units = attempted.compactMap(UnitPlace.init)
        let waves = Waves(Plan(environment: "test", application: "app"), attempted, Set(units))
        #expect(waves.newestFirst == [[units[1]], [units[0]]])
    }
}
