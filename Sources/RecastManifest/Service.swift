import RecastModel
import RecastYAML

/// One service of the merged manifest: its container in the engine's terms, and what decides where and when it runs.
struct Service {
    struct Need {
        let service: Located<String>
        let condition: Dependency.Condition
        /// `required: false` forgives a service that a profile leaves out.
        let required: Bool
    }

    enum Mode: Equatable {
        case global
        case replicated(Int)
    }

    struct Link {
        let service: String
        let alias: String
    }

    /// A published port, and where it was written.
    typealias Port = Located<PublishedPort>

    let name: ServiceName
    /// The key under `services:`.
    let place: Place
    var spec: ContainerSpec
    var needs: [Need] = []
    var ports: [Port] = []
    /// Keys under `networks:`.
    var networks: [String] = []
    /// Keys under `volumes:`.
    var volumes: [String] = []
    /// Those of them that it writes to, each where it is mounted first.
    var written: [Located<String>] = []
    var mode = Mode.replicated(1)
    var constraints: [Located<Constraint>] = []
    var gate = GatePolicy()
    var pull = PullPolicy.missing
    var hooks = Hooks()
    var rollout = RolloutPolicy()
    /// Where `x-recast` asks for something, by its key, and where `update_config` stands.
    var requests: [String: Place] = [:]
    var drain: Drain?
    /// `nil`: it is no task, unless another service waits for its completion.
    var task: Located<TaskPolicy>?
    var schema: SchemaPolicy?
    var sharing = SharedServices()
    /// Services that this one knows under another name: the alias is theirs on the networks that both are in.
    var links: [Link] = []
    /// Hosts that `x-recast` names; empty: every host.
    var hosts: [Located<String>] = []
    var spread: [Located<String>] = []
    /// `nil`: as many as there are.
    var maximumPerHost: Int?
    /// Where the manifest says when it restarts, if only that it does not.
    var restartPlace: Place?

    /// Having ended with 0 it is done.
    var isJob: Bool { task != nil || restartPlace != nil && !spec.restart.outlivesSuccess }
}
