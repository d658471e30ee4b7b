import DockerAPI
import RecastModel

extension EngineHost {
    func drain(_ container: ContainerHandle, _ drain: Drain) async throws {
        throw StepFailure("no drain yet")
    }

    func pruneImages(of repository: String, keep: Int) async throws {
        throw StepFailure("no pruning yet")
    }
}
