import RecastModel
import Synchronization

/// The containers that this apply started on one engine.
final class StartedContainers: Sendable {
    private let references = Mutex<Set<String>>([])

    func insert(_ container: ContainerHandle) {
        references.withLock { _ = $0.insert(container.reference) }
    }

    func contains(_ container: ContainerHandle) -> Bool {
        references.withLock { $0.contains(container.reference) }
    }
}
