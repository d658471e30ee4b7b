import RecastModel

/// Everything that a plan says about one host that answered.
struct HostReview {
    let host: HostName
    let state: HostState
    let decisions: [Decision]
    let resources: ResourceReview
    let fileVolumes: FileVolumeReview
    /// What comes from other hosts.
    let moves: [VolumeMove]
    /// What an earlier apply left of trying definitions.
    let rehearsals: [ObservedContainer]
    let hazards: [Hazard]
    /// The decisions in which something goes that has something of another container.
    let sharing: [Decision]
    /// The places of the decisions whose containers let go of what only one can hold.
    let holders: [String: [Int]]
    private(set) var hostPlan: HostPlan

    /// `runsTasks`: something changes, here or on another host.
    init(
        host: HostName, state: HostState, desired: PinnedDesired, scope: Planner.Scope, gaps: KnownGaps,
        data: DataReview, known fields: KnownFields, runsTasks: Bool
    ) {
        self.host = host
        self.state = state
        let all = desired.instances(on: host)
        let instances = all.filter { scope.contains($0.address.service) }.sorted { $0.address < $1.address }
        let (ours, copies) = Self.ownContainers(state, desired: instances, scope: scope, fields)
        let kept = Set(all.map(\.address))
        let byAddress = Dictionary(grouping: ours, by: \.identity.address)
        rehearsals = state.containers.filter {
            $0.purpose == .rehearsal && scope.contains($0.identity.address.service)
        }
        moves = desired.volumes(on: host).compactMap(data.move)
        let known = byAddress.mapValues { [moves] in Self.without(moves, $0) }
        let made = Self.decisions(instances, known, state, gaps, fields, runsTasks: runsTasks)
        decisions = Self.grouped(made + Self.removals(byAddress.filter { !kept.contains($0.key) }, host: host))
        sharing = decisions.filter { $0.giving.contains(where: \.shares) }
        holders = decisions.holders
        resources = ResourceReview(
            host: host, state: state, desired: desired, moves: moves, isWholeApplication: scope.services.isEmpty)
        fileVolumes = FileVolumeReview(
            decisions: decisions, state: state, desired: all,
            owner: InstanceLabels.ofResource(environment: desired.environment, application: desired.application),
            isWholeApplication: scope.services.isEmpty)
        let leftovers = (rehearsals.map { .container($0.name) } + fileVolumes.leftovers.map { .volume($0) })
            .map { Change(host: host, subject: $0, action: .remove, cause: .unfinished) }
        hazards = Self.hazards(decisions, on: host, state, desired) + resources.hazards
        hostPlan = HostPlan(
            host: host, engine: state.engine, changes: resources.changes + decisions.compactMap(\.change) + leftovers,
            unchanged: decisions.count { !$0.isChange },
            notices: decisions.flatMap { $0.notices + $0.unnamedNotices + $0.backupNotices }
                + Self.unpinned(instances, on: state)
                + copies.map { .copiedLabels(name: $0.name) }
                + Self.unclaimed(decisions, state, desired).map { .unclaimed(volume: $0) })
        hostPlan.waysBack = Dictionary(
            uniqueKeysWithValues: decisions.filter { $0.instance?.instance.isJob == false }
                .map { ($0.address, $0.wayBack) })
    }

    /// What an unfinished move made and never started is made anew with its volume.
    private static func without(_ moves: [VolumeMove], _ containers: [ObservedContainer]) -> [ObservedContainer] {
        containers.filter { container in
            !container.startedAt.isEmpty || !moves.contains { container.spec.uses($0.volume.name) }
        }
    }

    /// Something changes for which tasks run.
    var changesInstances: Bool {
        decisions.contains { [.create, .replace, .start].contains($0.action) }
    }

    private static func grouped(_ decisions: [Decision]) -> [Decision] {
        let units = decisions.units
        let sizes = Dictionary(grouping: units, by: \.value).mapValues(\.count)
        let takers = decisions.takers
        return decisions.map { decision in
            var decision = decision
            decision.isGrouped = units[decision.address].map { sizes[$0, default: 1] > 1 } ?? false
            decision.taken = decision.held.flatMap { thing in
                (takers[thing] ?? []).filter { $0 != decision.address }.map { "\(thing), which \($0) takes" }
            }.sorted()
            return decision
        }
    }

    private static func decisions(
        _ instances: [PinnedInstance], _ containers: [InstanceAddress: [ObservedContainer]], _ state: HostState,
        _ gaps: KnownGaps, _ known: KnownFields, runsTasks: Bool
    ) -> [Decision] {
        var owners = SharedOwners()
        return instances.ownersFirst.map { instance in
            var review = InstanceReview(
                instance: instance, candidates: containers[instance.address] ?? [], state: state, known: known,
                owners: owners)
            review.runsTasks = runsTasks
            var decision = review.decision()
            decision.knownGap = gaps[instance.address.service]
            owners.add(decision)
            return decision
        }.sorted { $0.address < $1.address }
    }

    /// Images that the host has and no registry names.
    private static func unpinned(_ instances: [PinnedInstance], on state: HostState) -> [Notice] {
        let images = instances.flatMap(\.spec.images).filter { $0.digest == nil && state.images[$0.exact] != nil }
        return Set(images).sorted().map(Notice.imageUnpinned)
    }

    /// The volumes of the application that lose what had them, and that no host is to have, sorted.
    private static func unclaimed(
        _ decisions: [Decision], _ state: HostState, _ desired: PinnedDesired
    ) -> [String] {
        let left = Set(decisions.flatMap(\.giving).filter(\.isUp).flatMap { $0.spec.mounts.compactMap(\.volume) })
        return state.volumes.filter { volume in
            left.contains(volume.name) && desired.hostsOfVolume[volume.name] == nil && volume[.fileVolume] == nil
                && volume.isOwned(by: desired.environment, desired.application)
        }.map(\.name).sorted()
    }

    /// A container is ours when its name is the one its own labels lead to, or when it is what is desired under
    /// another name.
    ///
    /// Anything else with our labels is a copy (`docker commit` carries labels on) and is left alone.
    private static func ownContainers(
        _ state: HostState, desired: [PinnedInstance], scope: Planner.Scope, _ known: KnownFields
    ) -> (ours: [ObservedContainer], copies: [ObservedContainer]) {
        let byAddress = Dictionary(uniqueKeysWithValues: desired.map { ($0.address, $0) })
        var ours: [ObservedContainer] = []
        var copies: [ObservedContainer] = []
        let instances = state.containers.filter { $0.purpose == .instance }
        for container in instances where scope.contains(container.identity.address.service) {
            if container.name.hasPrefix(InstanceName.name(for: container.identity)) {
                ours.append(container)
            } else if let instance = byAddress[container.identity.address],
                InstanceReview(instance: instance, candidates: [], state: state, known: known).isDesired(container)
            {
                ours.append(container)
            } else {
                copies.append(container)
            }
        }
        return (ours, copies)
    }

    private static func removals(
        _ unwanted: [InstanceAddress: [ObservedContainer]], host: HostName
    ) -> [Decision] {
        unwanted.sorted { $0.key < $1.key }.map { address, containers in
            Decision(
                host: host, address: address, instance: nil, work: .remove(containers), cause: .notDesired,
                differences: [])
        }
    }
}

// MARK: - Hazards

extension HostReview {
    private static func hazards(
        _ decisions: [Decision], on host: HostName, _ state: HostState, _ desired: PinnedDesired
    ) -> [Hazard] {
        // What nobody could name is told once for all hosts.
        let nameless = Set(desired.unresolved.map(\.reference))
        let uses = VolumeUseReview(decisions, on: state)
        let found = decisions.flatMap { decision -> [Hazard] in
            guard let instance = decision.instance, decision.isChange else { return [] }
            let images = instance.spec.images.filter { !nameless.contains($0) }
            return [nameHazard(instance, host, state)].compactMap(\.self)
                + images.compactMap { imageHazard($0, instance, host, state) }
                + [ipcHazard(instance, decisions, host)].compactMap(\.self)
                + decision.orderHazards + uses.hazards(of: decision)
                + EngineReview(host: host, engine: state.engine).hazards(of: instance)
        }
        // Several instances of one image have the same to say.
        return found.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    private static func nameHazard(_ instance: PinnedInstance, _ host: HostName, _ state: HostState) -> Hazard? {
        guard let holder = state.foreignContainers[instance.containerName] else { return nil }
        return Hazard(
            host: host, kind: .nameTaken, subject: instance.address.description,
            detail: "container \(holder.prefix(12)) holds the name \(instance.containerName) and is not Recast's",
            help: "rename or remove that container; Recast never touches what it did not make")
    }

    /// An engine lets nobody into the IPC namespace of a container that does not say so.
    private static func ipcHazard(
        _ instance: PinnedInstance, _ decisions: [Decision], _ host: HostName
    ) -> Hazard? {
        guard let owner = instance.spec.sharing.ipc?.instance else { return nil }
        let mode = decisions.first { $0.address == owner }?.instance?.spec.isolation.ipcMode ?? ""
        if ["shareable", "host"].contains(mode) { return nil }
        return Hazard(
            host: host, kind: .engineRefuses, subject: instance.address.description,
            detail: "it shares the IPC namespace of \(owner), which does not offer it",
            help: "give service '\(owner.service)' the line `ipc: shareable`", position: instance.instance.position)
    }

    private static func imageHazard(
        _ image: ImageReference, _ instance: PinnedInstance, _ host: HostName, _ state: HostState
    ) -> Hazard? {
        let mayPull = image.digest != nil && instance.instance.pull != .never
        guard state.images[image.exact] == nil, !mayPull else { return nil }
        return Hazard(
            host: host, kind: .imageForbidden, subject: image.short,
            detail: image.digest == nil
                ? "no registry knows the image, and the host does not have it"
                : "the host does not have the image, and pull_policy is 'never'",
            help: "push it to a registry that the host reaches, or load it on the host")
    }
}
