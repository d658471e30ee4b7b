package import RecastModel

/// Hosts that carry out steps as an engine would, and refuse what an engine would refuse.
package struct World: Sendable {
    package struct Illegal: Error, CustomStringConvertible {
        package let description: String
    }

    package var hosts: [HostName: HostState]
    /// Volumes to which several containers may write at once.
    package var sharedVolumes: Set<String> = []
    /// Containers that their files were not copied into yet, by ID.
    var unfilled: Set<String> = []
    private var nextID = 1
    /// What was written to each volume.
    package var contents: [VolumePlace: Set<Int>] = [:]
    package internal(set) var writes = 0

    package init(hosts: [HostName]) {
        let engine = EngineFacts(version: "20.10.24", api: APIVersion(1, 41))
        self.hosts = Dictionary(uniqueKeysWithValues: hosts.map { ($0, HostState(engine: engine)) })
    }

    package var observed: Observed {
        Observed(
            hosts: hosts.mapValues { state in
                var state = state
                state.containers.sort { $0.id < $1.id }
                return .reached(state)
            })
    }

    mutating func newID() -> String {
        defer { nextID += 1 }
        let digits = String(nextID, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits + "feedfeedfeed"
    }

    package mutating func apply(_ step: Step) throws { try apply(step.action, on: step.host) }

    package mutating func apply(_ action: Action, on host: HostName) throws {
        guard var state = hosts[host] else { throw Illegal(description: "no host \(host)") }
        if try performMove(action, on: host) { return }
        try perform(action, on: &state)
        try checkExclusive(state)
        hosts[host] = state
        if case .start(let container) = action { write(container, on: host) }
    }

    private mutating func perform(_ action: Action, on state: inout HostState) throws {
        switch action {
        case .pull(let image, _): state.images[image.exact] = ObservedImage(id: "id of \(image.exact)")
        case .createNetwork(let network):
            var made = ObservedNetwork(id: "net-\(newID())", name: network.name)
            made.labels = Self.owner
            guard !state.networks.contains(where: { $0.name == network.name }) else {
                throw Illegal(description: "network \(network.name) exists")
            }
            state.networks.append(made)
        case .removeNetwork(let id, let name):
            guard !state.containers.contains(where: { $0.state == .running && $0.isUsing(name) }) else {
                throw Illegal(description: "network \(name) is in use")
            }
            state.networks.removeAll { $0.id == id }
        case .createVolume(let volume):
            var made = ObservedVolume(name: volume.name)
            made.labels = Self.owner
            made.labels[InstanceLabels.Key.identity.name] = newID()
            state.volumes.append(made)
        case .createContainer(let creation): try create(creation, on: &state)
        case .fillVolume, .removeFileVolume, .deliverFiles: try performOnFiles(action, on: &state)
        case .connect(let container, let endpoint):
            try change(container, on: &state) { $0.spec.networking.endpoints.append(endpoint) }
        default: try performOnContainer(action, on: &state)
        }
    }

    private func performOnContainer(_ action: Action, on state: inout HostState) throws {
        switch action {
        case .rename(let container, let name), .retain(let container, let name):
            guard !state.isTaken(name) else { throw Illegal(description: "name \(name) is taken") }
            try change(container, on: &state) { $0.name = name }
        case .setRestartPolicy(let container, let policy):
            try change(container, on: &state) { $0.spec.restart = policy }
        case .stop(let container, _):
            try checkNothingHangs(on: container, state)
            try change(container, on: &state) {
                guard [.running, .paused, .restarting].contains($0.state) else { return }
                $0.state = .exited
                $0.exitCode = 137
            }
        case .run(_, let container), .drain(_, let container):
            try change(container, on: &state) {
                guard $0.state == .running else {
                    throw Illegal(description: "runs a hook in \($0.name), which is not up")
                }
            }
        case .start(let container): try start(container, on: &state)
        case .await(let container, .completed):
            try change(container, on: &state) {
                guard !$0.startedAt.isEmpty else { throw Illegal(description: "\($0.name) never started") }
                ($0.state, $0.exitCode) = (.exited, 0)
            }
        case .await(let container, _):
            try change(container, on: &state) {
                guard $0.state == .running else { throw Illegal(description: "waits for \($0.name), which is not up") }
            }
        case .remove(let container), .removeRehearsal(let container):
            try change(container, on: &state) { _ in }
            state.containers.removeAll { $0.matches(container) }
        default: break
        }
    }

    private func start(_ container: ContainerHandle, on state: inout HostState) throws {
        try checkOwners(of: container, on: state)
        try checkNetworks(of: container, on: state)
        try change(container, on: &state) {
            guard !unfilled.contains($0.id) else { throw Illegal(description: "\($0.name) starts without its files") }
            $0.state = .running
            $0.startedAt = "2026-01-01T00:00:00Z"
            $0.exitCode = 0
        }
    }

    private mutating func create(_ creation: ContainerCreation, on state: inout HostState) throws {
        guard !state.isTaken(creation.name) else { throw Illegal(description: "name \(creation.name) is taken") }
        guard let image = state.images[creation.spec.image.exact] else {
            throw Illegal(description: "no image \(creation.spec.image)")
        }
        for endpoint in creation.spec.networking.endpoints
        where !state.networks.contains(where: { $0.name == endpoint.network }) {
            throw Illegal(description: "no network \(endpoint.network)")
        }
        try checkFiles(of: creation, on: state)
        var spec = creation.spec
        spec.files = []
        spec.sharing = try resolved(creation, on: state)
        spec.networking.endpoints = Array(spec.networking.endpoints.prefix(creation.endpointsAtCreate))
        var container = ObservedContainer(
            id: newID(), name: creation.name, identity: creation.identity, spec: spec, imageID: image.id,
            state: .created)
        container.createdAt = container.id
        (container.purpose, container.replaces) = (creation.purpose, creation.replaces)
        for mount in creation.spec.mounts where mount.isUnnamed { container.unnamed[mount.target] = container.id }
        container.unnamed.merge(creation.carried) { $1 }
        if !creation.spec.copiedFiles.isEmpty { unfilled.insert(container.id) }
        state.containers.append(container)
    }

    /// An engine puts IDs in the place of names.
    private func resolved(_ creation: ContainerCreation, on state: HostState) throws -> Sharing {
        var missing: [Sharing.Owner] = []
        let sharing = creation.spec.sharing.mapOwners { owner in
            let handle = owner.instance.flatMap { creation.owners[$0] }
            guard let handle, let found = state.containers.first(where: { $0.matches(handle) }) else {
                missing.append(owner)
                return owner
            }
            return .container(found.id)
        }
        guard missing.isEmpty else { throw Illegal(description: "\(creation.name) hangs on \(missing)") }
        return sharing
    }

    /// A namespace is there while its container runs.
    private func checkOwners(of handle: ContainerHandle, on state: HostState) throws {
        guard let container = state.containers.first(where: { $0.matches(handle) }) else { return }
        for owner in container.spec.sharing.owners {
            let isUp = state.containers.contains { owner == .container($0.id) && $0.state == .running }
            if !isUp { throw Illegal(description: "\(container.name) hangs on \(owner), which does not run") }
        }
    }

    /// An engine removes a network that only stopped containers are in.
    private func checkNetworks(of handle: ContainerHandle, on state: HostState) throws {
        guard let container = state.containers.first(where: { $0.matches(handle) }) else { return }
        for endpoint in container.spec.networking.endpoints
        where !state.networks.contains(where: { $0.name == endpoint.network }) {
            throw Illegal(description: "\(container.name) starts without network \(endpoint.network)")
        }
    }

    /// What runs must not lose the namespace it is in.
    private func checkNothingHangs(on handle: ContainerHandle, _ state: HostState) throws {
        guard let owner = state.containers.first(where: { $0.matches(handle) }), owner.state == .running else { return }
        for container in state.containers where container.state == .running {
            if container.spec.sharing.owners.contains(.container(owner.id)) {
                throw Illegal(description: "\(owner.name) stops, and \(container.name) hangs on it")
            }
        }
    }

    private func change(
        _ handle: ContainerHandle, on state: inout HostState, _ body: (inout ObservedContainer) throws -> Void
    ) throws {
        guard let index = state.containers.firstIndex(where: { $0.matches(handle) }) else {
            throw Illegal(description: "no container \(handle)")
        }
        try body(&state.containers[index])
    }

    /// No host port and no named volume ever has two running containers.
    private func checkExclusive(_ state: HostState) throws {
        var holders: [String: String] = [:]
        for container in state.containers where container.state == .running {
            for thing in container.exclusiveThings where !sharedVolumes.contains(where: { thing == "volume \($0)" }) {
                if let other = holders.updateValue(container.name, forKey: thing) {
                    throw Illegal(description: "\(other) and \(container.name) both hold \(thing)")
                }
            }
        }
    }

    static let owner = InstanceLabels.ofResource(environment: "test", application: "app")
}

extension HostState {
    func isTaken(_ name: String) -> Bool {
        foreignContainers[name] != nil || containers.contains { $0.name == name }
    }
}

extension ObservedContainer {
    package func matches(_ handle: ContainerHandle) -> Bool {
        switch handle {
        case .id(let id, _): self.id == id
        case .name(let name): self.name == name
        }
    }

    func isUsing(_ network: String) -> Bool { spec.networking.endpoints.contains { $0.network == network } }

    var exclusiveThings: [String] {
        spec.networking.published.map { "port \($0.hostPort)" }
            + spec.mounts.filter { !$0.readOnly }.compactMap {
                if case .volume(let name, _) = $0.source { "volume \(name)" } else { nil }
            }
    }
}
