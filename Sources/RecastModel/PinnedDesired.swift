/// What an environment should run with every image pinned: what the planner compares with the hosts.
package struct PinnedDesired: Hashable, Sendable {
    package let environment: EnvironmentName
    package let application: ApplicationName
    package let hosts: [HostDefinition]
    package let instances: [PinnedInstance]
    package let networks: [DesiredNetwork]
    package let volumes: [DesiredVolume]
    /// Images that no registry and no host could name by content, with the reason.
    package let unresolved: [UnresolvedImage]
    /// The volumes with the data, by name, as the lock file records them.
    package let recorded: [String: LockFile.Volume]
    private let parts: [HostName: Part]
    /// How many hosts are to have a volume, by its name.
    package let hostsOfVolume: [String: Int]

    /// What one host shall have; looked up instead of searched for, as there may be a thousand hosts.
    private struct Part: Hashable {
        var instances: [PinnedInstance] = []
        var networks: [DesiredNetwork] = []
        var volumes: [DesiredVolume] = []
    }

    package init(
        _ desired: Desired, instances: [PinnedInstance], unresolved: [UnresolvedImage] = []
    ) {
        environment = desired.environment
        application = desired.application
        hosts = desired.hosts
        networks = desired.networks
        volumes = desired.volumes
        recorded = desired.lock?.volumes ?? [:]
        self.instances = instances
        self.unresolved = unresolved
        var parts: [HostName: Part] = [:]
        for instance in instances { parts[instance.host, default: Part()].instances.append(instance) }
        for network in desired.networks { parts[network.host, default: Part()].networks.append(network) }
        for volume in desired.volumes { parts[volume.host, default: Part()].volumes.append(volume) }
        self.parts = parts
        hostsOfVolume = desired.volumes.reduce(into: [:]) { $0[$1.name, default: 0] += 1 }
    }

    package func instances(on host: HostName) -> [PinnedInstance] { parts[host]?.instances ?? [] }
    package func networks(on host: HostName) -> [DesiredNetwork] { parts[host]?.networks ?? [] }
    package func volumes(on host: HostName) -> [DesiredVolume] { parts[host]?.volumes ?? [] }
}

package struct UnresolvedImage: Hashable, Sendable {
    package let reference: ImageReference
    package let reason: String
    /// The way out.
    package let help: String

    package init(
        _ reference: ImageReference, reason: String,
        help: String = "push the image, or correct its name in the manifest"
    ) {
        self.reference = reference
        self.reason = reason
        self.help = help
    }
}

/// A desired instance whose spec names its image by content, with the hash and the name that follow from the spec.
package struct PinnedInstance: Hashable, Sendable {
    package let environment: EnvironmentName
    package let application: ApplicationName
    @Boxed package private(set) var instance: DesiredInstance
    /// The version-tagged SHA-256 of the spec's canonical form.
    package let specHash: String
    /// `ENV-APP-SERVICE-SLOT-<first 8 of the hash>`: creating it twice is a conflict and so harmless.
    package let containerName: String

    package init(
        _ instance: DesiredInstance, of desired: Desired, specHash: String
    ) {
        environment = desired.environment
        application = desired.application
        self.instance = instance
        self.specHash = specHash
        containerName = InstanceName.name(
            environment: desired.environment, application: desired.application, address: instance.address,
            specHash: specHash)
    }

    /// The same definition under another name, with changes that are no part of what is recorded of it.
    package init(rehearsing original: Self, as instance: DesiredInstance, named name: String) {
        environment = original.environment
        application = original.application
        self.instance = instance
        specHash = original.specHash
        containerName = name
    }

    package var host: HostName { instance.host }
    package var address: InstanceAddress { instance.address }
    package var spec: ContainerSpec { _read { yield instance.spec } }
}
