// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The history as lines of JSON, one for what each host has of a release: to be kept elsewhere, and given back to a host
/// that was replaced.
package struct HistoryLine: Codable, Hashable {
    package let environment: String
    package let application: String
    package let host: String
    let release: Int
    let name: String
    /// Seconds of the Unix epoch, by the host's clock.
    let began: Int64
    let by: String
    let operation: String
    let commit: String?
    let reason: String?
    let result: String?
    /// By service.
    let images: [String: String]
    /// As the host has it; what is read again.
    let labels: [String: String]

    private init(_ record: ReleaseRecord, on host: HostName, of desired: Desired) {
        environment = desired.environment.text
        application = desired.application.text
        self.host = host.text
        release = record.number
        name = record.name
        began = record.began
        by = record.origin.actor
        operation = record.origin.operation
        commit = record.origin.commit
        reason = record.origin.reason
        result = record.outcome?.rawValue
        images = Dictionary(
            uniqueKeysWithValues: record.services.map { ($0.key.text, "\($0.value.image)@\($0.value.digest)") })
        labels = record.labels
    }

    /// `nil` when it makes no sense.
    package var record: ReleaseRecord? { ReleaseRecord(labels: labels) }

    /// The oldest first.
    package static func text(_ history: History, of desired: Desired) throws -> [String] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try history.releases.reversed().flatMap { release in
            try release.hosts.sorted { $0.key < $1.key }.map { host, record in
                String(decoding: try encoder.encode(HistoryLine(record, on: host, of: desired)), as: UTF8.self)
            }
        }
    }

    /// A line that was written so; `nil` when it was not.
    package init?(line: String) {
        guard let read = try? JSONDecoder().decode(Self.self, from: Data(line.utf8)), read.record != nil else {
            return nil
        }
        self = read
    }
}
