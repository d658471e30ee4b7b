// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

/// The same for programs.
package struct HistoryDocument: Encodable {
    struct Service: Encodable {
        let host: String
        let service: String
        let image: String
        let digest: String
        let spec_hash: String
        let instances: Int
    }
    struct Item: Encodable {
        let number: Int
        let name: String
        /// Seconds of the Unix epoch, by a host's clock.
        let began: Int64
        let by: String
        let operation: String
        let tool_version: String
        let commit: String?
        let reason: String?
        /// The number of the release that a rollback went back to.
        let restores: Int?
        let result: String
        let hosts: [String: String]
        let services: [Service]
        /// By host and name, what tells a volume from any other that ever had its name.
        let volumes: [String: [String: String]]
        /// The versions of databases after it, as far as they are known.
        let schemas: [String: Int]
    }

    let format = 1
    let releases: [Item]
    /// The first and last of numbers that no host remembers.
    let missing: [[Int]]
    /// Numbers that several releases have.
    let repeated: [Int]
    /// Why nothing is known of these hosts.
    let unreachable: [String: String]

    /// `releases`: those of the history that are asked for.
    package init(_ releases: [Release], of history: History) {
        self.releases = releases.map(Item.init)
        missing = history.missing.map { [$0.lowerBound, $0.upperBound] }
        repeated = history.repeated
        unreachable = Dictionary(uniqueKeysWithValues: history.unreachable.map { ($0.key.text, $0.value) })
    }
}

extension HistoryDocument.Item {
    fileprivate init(_ release: Release) {
        number = release.number
        name = release.name
        began = release.began
        by = release.origin.actor
        operation = release.origin.operation
        restores = release.origin.restores
        tool_version = release.origin.toolVersion
        commit = release.origin.commit
        reason = release.origin.reason
        result = release.result.rawValue
        volumes = Dictionary(uniqueKeysWithValues: release.hosts.map { ($0.key.text, $0.value.volumes) })
        schemas = release.schemas.compactMapValues(\.version)
        hosts = Dictionary(
            uniqueKeysWithValues: release.hosts.map {
                ($0.key.text, $0.value.outcome?.rawValue ?? Release.Result.unfinished.rawValue)
            })
        services = release.hosts.sorted { $0.key < $1.key }.flatMap { host, record in
            record.services.sorted { $0.key < $1.key }.map { name, service in
                HistoryDocument.Service(
                    host: host.text, service: name.text, image: service.image, digest: service.digest,
                    spec_hash: service.specHash, instances: service.instances)
            }
        }
    }
}
