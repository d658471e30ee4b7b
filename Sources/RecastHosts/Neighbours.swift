package import DockerAPI
package import RecastModel
import Synchronization

/// What the hosts of one apply know of one another.
package final class Neighbours: Sendable {
    let clients: [HostName: EngineClient]
    /// Who had a volume when its copy began.
    private let uses = Mutex<[VolumeMove: VolumeUse]>([:])

    package init(_ clients: [HostName: EngineClient] = [:]) { self.clients = clients }

    func note(_ use: VolumeUse, of move: VolumeMove) { uses.withLock { $0[move] = use } }
    func use(of move: VolumeMove) -> VolumeUse? { uses.withLock { $0[move] } }
}
