#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a backup is from.
package struct BackupOrigin: Codable, Hashable, Sendable {
    package let environment: String
    package let application: String
    package let service: String
    package let host: String
    /// Its name on the engine.
    package let volume: String
    package let identity: String?
    /// The image of the container that used it.
    package let image: String?
    /// RFC 3339, by the clock of the machine that took it.
    package let taken: String
    /// Something could write to it meanwhile.
    package let wasInUse: Bool
    package let toolVersion: String

    package init(
        environment: String, application: String, service: String, host: String, volume: String, identity: String?,
        image: String?, taken: String, wasInUse: Bool, toolVersion: String
    ) {
        self.environment = environment
        self.application = application
        self.service = service
        self.host = host
        self.volume = volume
        self.identity = identity
        self.image = image
        self.taken = taken
        self.wasInUse = wasInUse
        self.toolVersion = toolVersion
    }
}

/// What a backup says of itself, as the last member of its archive: one JSON document a line, first where it is from,
/// then every member, last how many there are.
struct BackupManifest {
    /// Its path in the archive, where the volume's own all have a folder before them.
    static let path = ".recast-manifest.jsonl"

    let origin: BackupOrigin
    let entries: [ManifestEntry]

    private struct Head: Codable {
        let format: Int
        let origin: BackupOrigin
    }

    private struct Foot: Codable {
        let members: Int
    }

    init(origin: BackupOrigin, entries: [ManifestEntry]) {
        self.origin = origin
        self.entries = entries
    }

    var bytes: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            var text: [UInt8] = []
            text += try encoder.encode(Head(format: 1, origin: origin)) + [UInt8(ascii: "\n")]
            for entry in entries { text += try encoder.encode(entry) + [UInt8(ascii: "\n")] }
            text += try encoder.encode(Foot(members: entries.count)) + [UInt8(ascii: "\n")]
            return text
        }
    }

    init(_ bytes: [UInt8]) throws {
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        let decoder = JSONDecoder()
        guard let first = lines.first, let last = lines.last, lines.count > 1,
            let head = try? decoder.decode(Head.self, from: Data(first)),
            let foot = try? decoder.decode(Foot.self, from: Data(last)), foot.members == lines.count - 2
        else { throw BackupError.damaged("its list of checksums is damaged") }
        guard head.format == 1 else { throw BackupError.newerFormat(head.format) }
        do {
            entries = try lines.dropFirst().dropLast().map { try decoder.decode(ManifestEntry.self, from: Data($0)) }
        } catch {
            throw BackupError.damaged("its list of checksums is damaged")
        }
        origin = head.origin
    }
}

/// Why a file is no backup to restore.
package enum BackupError: Error, Hashable, Sendable, CustomStringConvertible {
    case damaged(String)
    case newerFormat(Int)
    /// The name of a file says nothing that is known of its format.
    case unknownFormat(String)
    case exists(String)
    case unreadable(String, String)

    package var description: String {
        switch self {
        case .damaged(let how): "the backup is damaged: \(how)"
        case .newerFormat(let format): "the backup has format \(format), which a newer Recast wrote"
        case .unknownFormat(let name): "'\(name)' ends neither with .tar.zst nor with .tar"
        case .exists(let name): "'\(name)' is there already"
        case .unreadable(let name, let why): "'\(name)' cannot be used: \(why)"
        }
    }
}
