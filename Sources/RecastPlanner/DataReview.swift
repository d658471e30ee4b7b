import RecastModel

/// What a plan would do to data that services wrote.
struct DataReview {
    let desired: PinnedDesired
    let observed: Observed

    func hazards(of review: HostReview) -> [Hazard] {
        review.resources.volumesToCreate.compactMap { leftBehind($0) }
            + review.decisions.compactMap { newVersion($0) }
    }

    /// The volume of a service that is placed elsewhere now.
    ///
    /// One that several hosts are to have is different on each of them anyway.
    private func leftBehind(_ volume: DesiredVolume) -> Hazard? {
        guard volume.driver ?? "local" == "local", desired.volumes.count(where: { $0.name == volume.name }) == 1 else {
            return nil
        }
        let owners = desired.hosts.map(\.name).filter { $0 != volume.host && has(volume, $0) }
        guard !owners.isEmpty else { return nil }
        let acceptance = Acceptance(.newVolume, volume.name)
        let names = owners.map(\.text).joined(separator: " and ")
        return Hazard(
            host: volume.host, kind: .volumeElsewhere, subject: "volume \(volume.name)",
            detail: "its data is on \(names), and on \(volume.host) it would begin empty",
            help: "place its service on \(names) again, or begin with an empty one: --accept \(acceptance)",
            acceptance: acceptance)
    }

    private func has(_ volume: DesiredVolume, _ host: HostName) -> Bool {
        (observed.hosts[host]?.state?.volumes ?? []).contains { live in
            live.name == volume.name && live.isOwned(by: desired.environment, desired.application)
        }
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
