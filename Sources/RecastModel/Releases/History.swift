/// One recorded apply of an environment, put together from what its hosts have of it.
package struct Release: Hashable, Sendable {
    /// What the hosts' results make together.
    package enum Result: String, Hashable, Sendable {
        case done, failed, interrupted
        /// Not everything that was to change did.
        case partlyDone = "partly-done"
        /// A host has no result of it: it goes on, or was cut off.
        case unfinished
    }

    package let number: Int
    package let name: String
    package let origin: ReleaseOrigin
    /// When it began, in seconds of the Unix epoch, by the clock of the first host that says so.
    package let began: Int64
    package let hosts: [HostName: ReleaseRecord]

    package var result: Result {
        let outcomes = Set(hosts.values.map(\.outcome))
        if outcomes.contains(nil) { return .unfinished }
        if outcomes.contains(.interrupted) { return .interrupted }
        if outcomes == [.done] { return .done }
        return outcomes == [.failed] ? .failed : .partlyDone
    }

    /// What was known of databases after it, by the name of the schema.
    package var schemas: [String: SchemaMark] {
        hosts.values.reduce(into: [:]) { $0.merge($1.schemas, uniquingKeysWith: SchemaMark.later) }
    }

    /// The images of each service; several when its hosts differ.
    package var images: [ServiceName: Set<ReleasedImage>] {
        hosts.values.reduce(into: [:]) { images, record in
            for (name, service) in record.services {
                images[name, default: []].insert(
                    ReleasedImage(
                        reference: service.image, digest: service.digest, specHash: service.specHash,
                        schema: service.schema))
            }
        }
    }

    fileprivate init?(_ records: [HostName: ReleaseRecord]) {
        guard let first = records.min(by: { $0.key < $1.key })?.value else { return nil }
        number = first.number
        name = first.name
        origin = first.origin
        began = records.values.map(\.began).min() ?? first.began
        hosts = records
    }
}

/// What a service was in a release.
package struct ReleasedImage: Hashable, Sendable {
    package let reference: String
    package let digest: String
    package let specHash: String
    package let schema: SchemaPolicy?
}

/// The releases of an environment, as its hosts remember them.
package struct History: Hashable, Sendable {
    /// The newest first.
    package let releases: [Release]
    /// Why nothing is known of what these hosts have.
    package let unreachable: [HostName: String]
    /// The numbers between the oldest and the newest of which no host remembers anything: their volumes were removed, or
    /// their hosts are gone.
    package let missing: [ClosedRange<Int>]
    /// The numbers that several releases have: their hosts were changed apart, or set back to an earlier state.
    package let repeated: [Int]

    /// `logs`: what each host's ledger has, in any order; of several entries of one release the last one counts.
    package init(_ logs: [HostName: [ReleaseRecord]], unreachable: [HostName: String] = [:]) {
        var byName: [String: [HostName: ReleaseRecord]] = [:]
        for (host, records) in logs {
            for record in records where byName[record.name]?[host]?.outcome == nil {
                byName[record.name, default: [:]][host] = record
            }
        }
        releases = byName.values.compactMap(Release.init).sorted { ($1.number, $1.name) < ($0.number, $0.name) }
        self.unreachable = unreachable
        missing = Self.missing(in: releases.map(\.number))
        repeated = Self.repeated(in: releases.map(\.number))
    }

    /// `numbers`: the highest first.
    private static func missing(in numbers: [Int]) -> [ClosedRange<Int>] {
        zip(numbers.dropFirst(), numbers).compactMap { $0 + 1 < $1 ? $0 + 1...$1 - 1 : nil }.reversed()
    }

    private static func repeated(in numbers: [Int]) -> [Int] {
        Set(zip(numbers, numbers.dropFirst()).compactMap { $0 == $1 ? $0 : nil }).sorted()
    }

    /// The versions of databases now, by the name of the schema, as far as they are known.
    package var schemas: [String: Int] {
        releases.reduce(into: [String: SchemaMark]()) { $0.merge($1.schemas, uniquingKeysWith: SchemaMark.later) }
            .compactMapValues(\.version)
    }

    /// What each service was before a release: what the earlier ones put in place that did not fail.
    package func images(before release: Release) -> [ServiceName: Set<ReleasedImage>] {
        releases.reversed().prefix { $0 != release }.filter { [.done, .partlyDone].contains($0.result) }
            .reduce(into: [:]) { $0.merge($1.images) { $1 } }
    }

    /// What a release made of the environment: of services that it did not touch, what an earlier one made.
    package func state(after release: Release) -> [ServiceName: Set<ReleasedImage>] {
        images(before: release).merging(release.images) { $1 }
    }

    /// Only the releases that these services were part of; all, where there are none.
    package func of(_ services: Set<ServiceName>) -> Self {
        guard !services.isEmpty else { return self }
        let meant = releases.filter { release in
            release.hosts.values.contains { !services.isDisjoint(with: $0.services.keys) }
        }
        return Self(releases: meant, of: self)
    }

    private init(releases: [Release], of whole: Self) {
        self.releases = releases
        unreachable = whole.unreachable
        missing = whole.missing
        repeated = whole.repeated
    }
}
