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
        review.resources.volumesToCreate.compactMap { leftBehind($0) ?? leftUnnamed($0, review.decisions) }
            + review.resources.volumesToKeep.compactMap { unusable($0) }
            + review.decisions.compactMap { newVersion($0) }
    }

    /// The volume of a service that is placed elsewhere now.
    ///
    /// One that several hosts are to have is different on each of them anyway.
    private func leftBehind(_ volume: DesiredVolume) -> Hazard? {
        let owners = elsewhere(volume)
        guard !owners.isEmpty else { return unseen(volume) }
        let acceptance = Acceptance(.newVolume, volume.name)
        let names = owners.map(\.text).joined(separator: " and ")
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "its data is on \(names), and on \(volume.host) it would begin empty",
            help: "bring it along: \(command(volume)); or place its service on \(names) again, or begin with an empty"
                + " one: --accept \(acceptance)",
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
    private func leftUnnamed(_ volume: DesiredVolume, _ decisions: [Decision]) -> Hazard? {
        guard let old = decisions.lazy.compactMap({ $0.unnamedVolume(behind: volume.name) }).first else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "the data of \(old.path) is in an unnamed volume, and this one would begin empty",
            help: "keep that one: 'name: \(old.name)' under 'volumes:', then"
                + " 'recast volume adopt \(desired.environment) \(old.name)'; or begin with an empty one:"
                + " --accept \(acceptance)",
            acceptance: acceptance)
    }

    private func command(_ volume: DesiredVolume) -> String {
        "'recast move \(desired.environment) \(volume.services.first?.text ?? "SERVICE") --to \(volume.host)'"
    }

    /// The other hosts that have the data; none where several hosts are to have a volume of that name.
    private func elsewhere(_ volume: DesiredVolume) -> [HostName] {
        guard isSingle(volume) else { return [] }
        return whereabouts.owners(of: volume.name).filter { $0 != volume.host }
    }

    /// Its data is on one host only: several that are to have it have one each.
    private func isSingle(_ volume: DesiredVolume) -> Bool {
        volume.driver ?? "local" == "local" && desired.volumes.count { $0.name == volume.name } == 1
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
        case .moved(let target):
            let remove = "'recast volume remove \(desired.environment) \(volume.name) --host \(volume.host)'"
            return Hazard(
                host: volume.host, kind: .volumeMoved, subject: subject,
                detail: "its data went to \(target), and what is here is of that moment",
                help: "place its service on \(target); to bring the data back, remove this one first: \(remove)")
        case .absent, .foreign, .current: return nil
        }
    }

    // MARK: Moves

    /// How the volume's data comes to its host, where that was asked for.
    func move(of volume: DesiredVolume) -> VolumeMove? {
        guard !moving.isDisjoint(with: volume.services), !volume.external,
            let source = elsewhere(volume).first, elsewhere(volume).count == 1,
            let live = whereabouts.volume(volume.name, on: source),
            let instance = desired.instances.first(where: { $0.host == volume.host && $0.spec.uses(volume.name) })
        else { return nil }
        switch whereabouts.standing(of: volume.name, on: volume.host) {
        case .absent, .incomplete(_?): break
        case .foreign, .current, .moved, .incomplete(nil): return nil
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

extension ImageReference {
    /// The number with which the tag begins, as 16 of `16.4-alpine` and `v16`.
    fileprivate var majorVersion: Int? {
        guard let tag else { return nil }
        let digits = tag.drop { $0 == "v" }.prefix { $0.isASCII && $0.isNumber }
        let rest = tag.drop { $0 == "v" }.dropFirst(digits.count).first
        return rest.map { ".-_".contains($0) } ?? true ? Int(digits) : nil
    }
}

/// Images whose major versions do not read each other's data.
enum DataStores {
    private static let names: Set = [
        "postgres", "postgresql", "postgis", "timescaledb", "pgvector", "mysql", "mysql-server", "mariadb", "percona",
        "percona-server", "mongo", "mongodb", "elasticsearch", "opensearch", "clickhouse", "clickhouse-server", "neo4j",
        "cassandra", "couchdb", "influxdb", "rabbitmq", "redis", "valkey", "etcd", "keycloak", "solr", "meilisearch",
    ]

    /// By the last part of the repository's path.
    static func contains(_ repository: String) -> Bool {
        names.contains(repository.split(separator: "/").last.map(String.init) ?? "")
    }
}
