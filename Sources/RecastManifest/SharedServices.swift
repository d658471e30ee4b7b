import RecastModel

/// What a service shares with containers of its host, before it is known which instance of another service is meant.
struct SharedServices {
    enum Owner {
        case service(Located<String>)
        case container(String)
    }

    struct Volumes {
        let owner: Owner
        let readOnly: Bool
    }

    var network: Owner?
    var pid: Owner?
    var ipc: Owner?
    var volumes: [Volumes] = []

    /// The services that must be on the same host.
    var services: [Located<String>] {
        ([network, pid, ipc].compactMap(\.self) + volumes.map(\.owner)).compactMap { owner in
            if case .service(let name) = owner { name } else { nil }
        }
    }

    /// With the instances in place of services; `instance` gives the one on the same host.
    func resolved(_ instance: (String) -> InstanceAddress?) -> Sharing {
        func owner(_ owner: Owner) -> Sharing.Owner? {
            switch owner {
            case .service(let name): instance(name.value).map(Sharing.Owner.instance)
            case .container(let name): .container(name)
            }
        }
        var sharing = Sharing()
        sharing.network = network.flatMap(owner)
        sharing.pid = pid.flatMap(owner)
        sharing.ipc = ipc.flatMap(owner)
        sharing.volumes = volumes.compactMap { entry in
            owner(entry.owner).map { Sharing.Volumes($0, readOnly: entry.readOnly) }
        }
        return sharing
    }
}
