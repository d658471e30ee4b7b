import RecastModel

/// A definition that is tried beside the container that serves the instance.
enum Rehearsal {
    /// The same without what only one can hold or what others would notice: no host ports, no volumes and no folders
    /// that it writes to, no addresses of its own, no names that lead to it.
    static func instance(_ instance: PinnedInstance) -> PinnedInstance {
        var desired = instance.instance
        desired.spec = spec(instance.spec)
        return PinnedInstance(rehearsing: instance, as: desired, named: InstanceName.rehearsal(instance.containerName))
    }

    private static func spec(_ original: ContainerSpec) -> ContainerSpec {
        var spec = original
        spec.networking.published = []
        spec.networking.publishAll = false
        spec.networking.macAddress = nil
        spec.networking.endpoints = original.networking.endpoints.map { endpoint in
            var plain = Endpoint(network: endpoint.network, aliases: [])
            plain.driverOptions = endpoint.driverOptions
            plain.gatewayPriority = endpoint.gatewayPriority
            return plain
        }
        spec.mounts.removeAll { $0.isWithheld }
        spec.restart = .never
        spec.autoRemove = false
        return spec
    }
}

extension Mount {
    fileprivate var isWithheld: Bool {
        switch source {
        case .volume: true
        case .bind: !readOnly
        case .anonymous, .tmpfs, .tmpfsOptions, .image: false
        }
    }
}
