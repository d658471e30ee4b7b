import RecastModel

/// What a plan would do to data that services wrote.
struct DataReview {
    let desired: PinnedDesired
    let whereabouts: VolumeWhereabouts
    private let observed: Observed
    /// The services whose data comes along.
    private let moving: Set<ServiceName>

    init(desired: PinnedDesired, observed: Observed, moves: Set<ServiceName> = []) {
        self.desired = desired
        self.observed = observed
        moving = moves
        whereabouts = VolumeWhereabouts(observed, desired.environment, desired.application)
    }

    func hazards(of review: HostReview) -> [Hazard] {
        review.resources.volumesToCreate.compactMap { begun($0, review.decisions) }
            + review.resources.volumesToKeep.compactMap { kept($0, review.decisions) }
            + review.decisions.compactMap { newVersion($0) ?? leaving($0) }
    }

    /// Why a volume should not be made.
    private func begun(_ volume: DesiredVolume, _ decisions: [Decision]) -> Hazard? {
        leftBehind(volume) ?? gone(volume) ?? leftUnnamed(volume, decisions) ?? leftNamed(volume, decisions)
    }

    /// Why one that is there should not be gone on with.
    private func kept(_ volume: DesiredVolume, _ decisions: [Decision]) -> Hazard? {
        unusable(volume) ?? inUseElsewhere(volume, decisions) ?? another(volume, decisions)
            ?? leftUnnamed(volume, decisions, acceptance: .otherVolume)
    }

    /// The volume of a service that is placed elsewhere now.
    ///
    /// One that several hosts are to have is different on each of them anyway.
    private func leftBehind(_ volume: DesiredVolume) -> Hazard? {
        let owners = isSingle(volume) ? elsewhere(volume) : abandoned(volume)
        guard !owners.isEmpty else { return unfinished(volume) ?? unseen(volume) }
        let acceptance = Acceptance(.newVolume, volume.name)
        let names = owners.map(\.text).joined(separator: " and ")
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "its data is on \(names), and on \(volume.host) it would begin empty",
            help: "bring it along: \(command(volume)); or place its service on \(names) again, or begin with an empty"
                + " one: --accept \(acceptance)",
            acceptance: acceptance)
    }

    /// A copy that counts as unfinished may be all that there is.
    private func unfinished(_ volume: DesiredVolume) -> Hazard? {
        let hosts = desired.hosts.map(\.name).filter { host in
            switch whereabouts.standing(of: volume.name, on: host) {
            case .incomplete, .diverged: host != volume.host
            case .absent, .foreign, .current, .moved: false
            }
        }
        guard let first = hosts.first, isSingle(volume) else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "no host has its data but \(first), where a copy counts as unfinished; here it would begin empty",
            help: "see what is in that copy first; to begin with an empty one: --accept \(acceptance)",
            acceptance: acceptance)
    }

    /// Hosts that were left out may have its data.
    private func unseen(_ volume: DesiredVolume) -> Hazard? {
        let hosts = desired.hosts.map(\.name).filter { observed.hosts[$0] == nil }
        guard let first = hosts.first, isSingle(volume) else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        let names = hosts.count == 1 ? first.text : "one of \(hosts.count) hosts"
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "here it begins empty, and whether \(names) has its data is not known: left out of this plan",
            help: "plan all hosts; or begin with an empty one: --accept \(acceptance)", acceptance: acceptance)
    }

    /// What a container wrote to an unnamed volume, where it is to have a named one.
    private func leftUnnamed(
        _ volume: DesiredVolume, _ decisions: [Decision], acceptance kind: Acceptance.Kind = .newVolume
    ) -> Hazard? {
        guard let old = decisions.lazy.compactMap({ $0.unnamedVolume(behind: volume.name) }).first else { return nil }
        let acceptance = Acceptance(kind, volume.name)
        let begins = kind == .newVolume ? "would begin empty" : "has data of another time"
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "the data of \(old.path) is in an unnamed volume, and this one \(begins)",
            help: "keep that one: 'name: \(old.name)' under 'volumes:', then"
                + " 'recast volume adopt \(desired.environment) \(old.name)'; or go on with this one:"
                + " --accept \(acceptance)",
            acceptance: acceptance)
    }

    /// A service that stays, and whose volume does not: what it reads at that path is something else.
    private func leaving(_ decision: Decision) -> Hazard? {
        let dropped = decision.droppedVolumes.first { old in
            !desired.instances(on: decision.host).contains { $0.spec.uses(old.name) }
        }
        guard let old = dropped else { return nil }
        let acceptance = Acceptance(.leaveVolume, old.name)
        return Hazard(
            host: decision.host, kind: .volumeElsewhere, subject: decision.address.description,
            detail: "its data at \(old.path) is in volume \(old.name), which it would no longer have",
            help: "mount it at \(old.path) again; or go on without it: --accept \(acceptance)",
            position: decision.instance?.instance.position, acceptance: acceptance)
    }

    /// What a container wrote to a volume of another name.
    private func leftNamed(_ volume: DesiredVolume, _ decisions: [Decision]) -> Hazard? {
        guard let old = decisions.lazy.compactMap({ $0.otherVolume(behind: volume.name) }).first else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "the data of \(old.path) is in volume \(old.name), and this one would begin empty",
            help: "keep that one: 'name: \(old.name)' under 'volumes:'; or begin with an empty one:"
                + " --accept \(acceptance)",
            acceptance: acceptance)
    }

    private func backup(_ volume: DesiredVolume) -> String {
        let service = volume.services.first?.text ?? "SERVICE"
        return "'recast backup \(desired.environment) \(service) \(volume.key) FILE'"
    }

    private func command(_ volume: DesiredVolume) -> String {
        "'recast move \(desired.environment) \(volume.services.first?.text ?? "SERVICE") --to \(volume.host)'"
    }

    /// The other hosts that have the data; none where several hosts are to have a volume of that name.
    private func elsewhere(_ volume: DesiredVolume) -> [HostName] {
        guard isSingle(volume) else { return [] }
        return whereabouts.owners(of: volume.name).filter { $0 != volume.host }
    }

    /// The one host that has the data, when the services that are to begin here leave it.
    private func abandoned(_ volume: DesiredVolume) -> [HostName] {
        guard volume.driver ?? "local" == "local" else { return [] }
        let owners = whereabouts.owners(of: volume.name)
        guard owners.count == 1, let owner = owners.first, owner != volume.host else { return [] }
        let staying = desired.volumes(on: owner).first { $0.name == volume.name }?.services ?? []
        let ran = (observed.hosts[owner]?.state?.containers ?? []).filter { $0.spec.uses(volume.name) }
            .map(\.identity.address.service)
        return Set(volume.services).subtracting(staying).isDisjoint(with: ran) ? [] : owners
    }

    /// Its data is on one host only: several that are to have it have one each.
    private func isSingle(_ volume: DesiredVolume) -> Bool {
        volume.driver ?? "local" == "local" && desired.hostsOfVolume[volume.name] == 1
    }

    /// A volume that is there, and is not the one with the data.
    private func unusable(_ volume: DesiredVolume) -> Hazard? {
        let subject = "volume \(volume.name)"
        switch whereabouts.standing(of: volume.name, on: volume.host) {
        case .incomplete(let source?):
            guard move(of: volume) == nil else { return nil }
            return Hazard(
                host: volume.host, kind: .volumeIncomplete, subject: subject,
                detail: "its data is on \(source), and a move from there was not finished",
                help: "finish it: \(command(volume)); or place its service on \(source) again")
        case .incomplete(nil):
            return Hazard(
                host: volume.host, kind: .volumeIncomplete, subject: subject,
                detail: "what was to be restored into it is not all there",
                help: "run 'recast restore' again, or take it away with 'recast volume remove'")
        case .diverged(let source):
            let remove = "'recast volume remove \(desired.environment) \(volume.name) --host \(volume.host)'"
            return Hazard(
                host: volume.host, kind: .volumeMoved, subject: subject,
                detail: "its data is on \(source); what was written here, until the move here went back, is only here",
                help: "save that if it counts: \(backup(volume)); then take it away: \(remove), and bring the data"
                    + " along: \(command(volume)); or place its service on \(source) again")
        case .moved(let next):
            let target = whereabouts.owners(of: volume.name).first ?? next
            let remove = "'recast volume remove \(desired.environment) \(volume.name) --host \(volume.host)'"
            return Hazard(
                host: volume.host, kind: .volumeMoved, subject: subject,
                detail: "its data went to \(target), and what is here is of that moment",
                help: "place its service on \(target); to bring the data back, remove this one first: \(remove)")
        case .absent, .foreign, .current: return nil
        }
    }

    /// The one with the data is nowhere any more.
    private func gone(_ volume: DesiredVolume) -> Hazard? {
        guard let recorded = desired.recorded[volume.name], isSingle(volume) else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        return Hazard(
            host: volume.host, kind: .volumeMissing, subject: "volume \(volume.name)",
            detail: "the lock file records one on \(recorded.host), which is gone; here it would begin empty",
            help: "restore a backup: recast restore; or begin with an empty one: --accept \(acceptance)",
            acceptance: acceptance)
    }

    /// One of that name that is not the one with the data.
    private func another(_ volume: DesiredVolume, _ decisions: [Decision]) -> Hazard? {
        guard let recorded = desired.recorded[volume.name], isSingle(volume), begins(with: volume, decisions),
            let live = whereabouts.volume(volume.name, on: volume.host), live[.identity] != recorded.identity
        else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        return Hazard(
            host: volume.host, kind: .volumeMissing, subject: "volume \(volume.name)",
            detail: "it is not the one that the lock file records, which was on \(recorded.host)",
            help: "if it is to be used, as after a restore: --accept \(acceptance)", acceptance: acceptance)
    }

    private func begins(with volume: DesiredVolume, _ decisions: [Decision]) -> Bool {
        decisions.contains { decision in
            guard case .create = decision.work else { return false }
            return decision.instance?.spec.uses(volume.name) ?? false
        }
    }

    /// What the service writes to runs on another host, and this one has data of another time.
    private func inUseElsewhere(_ volume: DesiredVolume, _ decisions: [Decision]) -> Hazard? {
        guard begins(with: volume, decisions), isSingle(volume), move(of: volume) == nil else { return nil }
        let hosts = desired.hosts.map(\.name).filter { host in
            host != volume.host
                && observed.hosts[host]?.state?.containers.contains { $0.isUp && $0.spec.uses(volume.name) } ?? false
        }
        guard let first = hosts.first else { return nil }
        let acceptance = Acceptance(.otherVolume, volume.name)
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "what is written now is on \(first), and \(volume.host) has data of another time",
            help: "place its service on \(first) again; to bring that data along, remove this volume first:"
                + " 'recast volume remove \(desired.environment) \(volume.name) --host \(volume.host)', then"
                + " \(command(volume)); or go on with what is here: --accept \(acceptance)",
            acceptance: acceptance)
    }

    // MARK: Moves

    /// How the volume's data comes to its host, where that was asked for.
    func move(of volume: DesiredVolume) -> VolumeMove? {
        guard !moving.isDisjoint(with: volume.services), !volume.external,
            let source = elsewhere(volume).first, elsewhere(volume).count == 1,
            let live = whereabouts.volume(volume.name, on: source),
            let instance = desired.instances(on: volume.host).first(where: { $0.spec.uses(volume.name) })
        else { return nil }
        switch whereabouts.standing(of: volume.name, on: volume.host) {
        case .absent, .incomplete(_?): break
        case .foreign, .current, .diverged, .moved, .incomplete(nil): return nil
        }
        let containers = observed.hosts[source]?.state?.containers ?? []
        let reader = containers.first { $0.spec.uses(volume.name) } ?? containers.first
        return VolumeMove(
            volume: volume, source: source, identity: live[.identity], origin: live.incarnation,
            sourceImage: reader?.imageID ?? instance.spec.image.exact, targetImage: instance.spec.image)
    }

    /// Data stores convert what they find, or refuse it; neither is undone by going back to the old image.
    private func newVersion(_ decision: Decision) -> Hazard? {
        guard decision.isReplacement, let instance = decision.instance, instance.writesData,
            let live = decision.giving.last.flatMap({ ImageReference($0.identity.image) }),
            live.repository == instance.spec.image.repository, DataStores.contains(live.repository),
            let before = live.majorVersion, let after = instance.spec.image.majorVersion, before != after
        else { return nil }
        let acceptance = Acceptance(.newVersion, instance.address.service.text)
        return Hazard(
            host: decision.host, kind: .dataVersion, subject: instance.address.description,
            detail: "its data was written by version \(before), and version \(after) would open it",
            help: "back the volume up and read the program's notes on upgrades, then: --accept \(acceptance)",
            position: instance.instance.position, acceptance: acceptance)
    }
}

extension ContainerSpec {
    /// It mounts the volume of that name.
    func uses(_ volume: String) -> Bool { mounts.contains { $0.volume == volume } }
}

extension PinnedInstance {
    /// It has a named volume to itself.
    fileprivate var writesData: Bool { holdings.contains { $0.hasPrefix("volume ") } }
}
