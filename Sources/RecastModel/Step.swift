/// One call to one host, and why.
package struct Step: Hashable, Sendable, Identifiable {
    /// Every step of an earlier phase ends before one of a later phase starts.
    package enum Phase: Int, Hashable, Sendable, Comparable, CaseIterable {
        /// `prepare`: what tasks need and is not there yet; `prune`: what may fail without harm.
        case pull, resources, prepare, before, rehearse, containers, after, cleanUp, prune
        package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    package let id: Int
    package let host: HostName
    package let action: Action
    package let phase: Phase
    /// Steps that must have succeeded: of the same phase, and for what comes last also of the containers.
    package let after: [Int]
    /// Steps of the same phase that must be over: they succeeded, or their instance failed, was put back, and the
    /// policy of its service lets the others go on.
    package let afterSettled: [Int]
    /// Joins of the same phase, by their IDs: the step waits for all that they name.
    package let afterJoins: [Int]
    /// The instance this belongs to.
    package let instance: InstanceAddress?
    /// What puts things back when a later step of the same unit fails.
    package let undo: Action?
    /// What puts things back when all of this apply goes back; else `undo` does.
    package let revert: [Action]
    /// What is undone together.
    package let unit: Unit?
    /// What follows once the instance's successor stands: it is no reason to put the old one back.
    package let isRetirement: Bool

    /// Instances that hang on one another are undone together, under one address.
    package struct Unit: Hashable, Sendable {
        package let address: InstanceAddress
        package let isRehearsal: Bool
        /// The host of the instance, where it is not the step's own.
        package let home: HostName?

        package init(_ address: InstanceAddress, isRehearsal: Bool = false, home: HostName? = nil) {
            self.address = address
            self.isRehearsal = isRehearsal
            self.home = home
        }
    }

    package init(
        id: Int, host: HostName, action: Action, phase: Phase, after: [Int] = [], afterSettled: [Int] = [],
        afterJoins: [Int] = [], instance: InstanceAddress? = nil, undo: Action? = nil, revert: [Action]? = nil,
        unit: Unit? = nil,
        isRetirement: Bool = false
    ) {
        self.id = id
        self.host = host
        self.action = action
        self.phase = phase
        self.after = after
        self.afterSettled = afterSettled
        self.afterJoins = afterJoins
        self.instance = instance
        self.undo = undo
        self.revert = revert ?? [undo].compactMap(\.self)
        self.unit = unit ?? instance.map { Unit($0) }
        self.isRetirement = isRetirement
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
    /// Makes the volume that is to take the data of one on another host, anew if an earlier try left one.
    case receiveVolume(VolumeMove)
    /// Removes such a volume while it is incomplete, with the containers that were made for it and never started.
    case discardVolume(VolumeMove)
    /// Copies all that is in the source's volume, reads it back and compares every member.
    case copyVolume(VolumeMove)
    /// Says on one of the two hosts whose the data is from now on.
    case recordMove(VolumeMove, VolumeMove.Side)
    case withdrawMove(VolumeMove, VolumeMove.Side)
    /// Saves a volume into a file, and removes older ones; nothing may write to it.
    case backUp(VolumeSave)
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
    /// Tells a running container that it is about to stop, and gives it time.
    case drain(Drain, container: ContainerHandle)
    /// Gives a stopped predecessor the name by which it is known as one that may be needed again.
    ///
    /// `name`: without the measured gap, which is put behind it.
    case retain(container: ContainerHandle, name: String)
    /// Never removes a volume.
    case remove(container: ContainerHandle)
    /// Removes the container in which an image was rehearsed, with the volumes that have no name.
    case removeRehearsal(container: ContainerHandle)
    /// Removes images without a tag that came from the repository, but those that containers use and the newest `keep`.
    case pruneImages(repository: String, keep: Int)
    /// Nothing, for a while.
    case pause(Duration)
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
    @Boxed package private(set) var spec: ContainerSpec
    package let identity: InstanceLabels
    /// How many of the spec's endpoints the create call itself attaches.
    package let endpointsAtCreate: Int
    /// The containers of the instances with which it shares something.
    package let owners: [InstanceAddress: ContainerHandle]
    package var purpose = ContainerPurpose.instance
    /// The ID of the container that gives way to it.
    package var replaces: String?
    /// The unnamed volumes of that container, by path.
    package var carried: [String: String] = [:]

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

extension ContainerCreation {
    /// `release`: the apply that makes it.
    package func labels(toolVersion: String, release: String) -> [String: String] {
        var labels = identity.labels(toolVersion: toolVersion)
        labels[InstanceLabels.Key.release.name] = release
        labels[InstanceLabels.Key.replaces.name] = replaces
        labels[InstanceLabels.Key.carried.name] =
            carried.isEmpty ? nil : carried.keys.sorted().joined(separator: "\n")
        labels[InstanceLabels.Key.purpose.name] = purpose == .instance ? nil : purpose.rawValue
        return labels
    }
}

package enum Gate: Hashable, Sendable {
    /// Healthy by its health check, or running without a restart for a while when it has none. A container that
    /// may end by itself (restart policy `no` or `on-failure`) also passes by ending with 0.
    case ready(GatePolicy)
    case healthy
    /// It ended with 0; within the time, if there is one.
    case completed(within: Duration? = nil)
    /// It goes on running without a restart, and does not become unhealthy, for that long.
    case steady(Duration)
}
