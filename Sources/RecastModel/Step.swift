/// One call to one host, and why.
package struct Step: Hashable, Sendable, Identifiable {
    /// Every step of an earlier phase ends before one of a later phase starts.
    package enum Phase: Int, Hashable, Sendable, Comparable, CaseIterable {
        case pull, resources, containers, cleanUp
        package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    package let id: Int
    package let host: HostName
    package let action: Action
    package let phase: Phase
    /// Steps of the same phase that must have succeeded.
    package let after: [Int]
    /// The instance this belongs to.
    package let instance: InstanceAddress?
    /// What puts things back when a later step of the same unit fails.
    package let undo: Action?
    /// Instances that hang on one another are undone together, under the address of the one on which all hang.
    package let unit: InstanceAddress?

    package init(
        id: Int, host: HostName, action: Action, phase: Phase, after: [Int] = [], instance: InstanceAddress? = nil,
        undo: Action? = nil, unit: InstanceAddress? = nil
    ) {
        self.id = id
        self.host = host
        self.action = action
        self.phase = phase
        self.after = after
        self.instance = instance
        self.undo = undo
        self.unit = unit ?? instance
    }
}

/// What a step does.
///
/// Each is one engine call, or a wait.
package enum Action: Hashable, Sendable {
    /// `platform`: `nil`: the host's.
    case pull(ImageReference, platform: String? = nil)
    case createNetwork(DesiredNetwork)
    case removeNetwork(id: String, name: String)
    case createVolume(DesiredVolume)
    /// Makes the volume and puts its files into it, unless they are all there.
    case fillVolume(FileVolume)
    /// Only ever a volume with files, and not while a container uses it.
    case removeFileVolume(name: String)
    case createContainer(ContainerCreation)
    /// Copies files into a container that never started.
    case deliverFiles(container: ContainerHandle, [DeliveredFile])
    /// Joins one more network; engines below API 1.44 take only one at create.
    case connect(container: ContainerHandle, Endpoint)
    case rename(container: ContainerHandle, to: String)
    case setRestartPolicy(container: ContainerHandle, RestartPolicy)
    /// Sends the stop signal and waits for the container's own grace period, which is given here in seconds.
    case stop(container: ContainerHandle, grace: Int)
    case start(container: ContainerHandle)
    case await(container: ContainerHandle, Gate)
    /// Runs a program inside a running container; it may run twice when a connection is lost.
    case run(Hook, container: ContainerHandle)
    /// Never removes a volume.
    case remove(container: ContainerHandle)
}

/// A container that is there by its ID, one that is to be made by its name.
package enum ContainerHandle: Hashable, Sendable {
    case id(String, name: String)
    case name(String)

    /// What an engine's route takes.
    package var reference: String {
        switch self {
        case .id(let id, _): id
        case .name(let name): name
        }
    }

    package var displayName: String {
        switch self {
        case .id(_, let name), .name(let name): name
        }
    }
}

package struct ContainerCreation: Hashable, Sendable {
    package let name: String
    package let spec: ContainerSpec
    package let identity: InstanceLabels
    /// How many of the spec's endpoints the create call itself attaches.
    package let endpointsAtCreate: Int
    /// The containers of the instances with which it shares something.
    package let owners: [InstanceAddress: ContainerHandle]

    package init(
        name: String, spec: ContainerSpec, identity: InstanceLabels, endpointsAtCreate: Int,
        owners: [InstanceAddress: ContainerHandle] = [:]
    ) {
        self.name = name
        self.spec = spec
        self.identity = identity
        self.endpointsAtCreate = endpointsAtCreate
        self.owners = owners
    }
}

package enum Gate: Hashable, Sendable {
    /// Healthy by its health check, or running without a restart for a while when it has none. A container that
    /// may end by itself (restart policy `no` or `on-failure`) also passes by ending with 0.
    case ready(GatePolicy)
    case healthy
    /// It ended with 0.
    case completed
}
