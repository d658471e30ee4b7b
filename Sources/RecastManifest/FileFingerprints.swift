import Crypto
import RecastModel

/// Keyed hashes of files: HMAC-SHA-256, of which 128 bits are kept.
///
/// What a file is made of is written with the length before each part, so that no two files give one text.
struct FileFingerprints {
    private let key: SymmetricKey
    /// Instances share their files; each is hashed once.
    private var known: [DeliveredFile: String] = [:]

    init(_ key: FingerprintKey) { self.key = SymmetricKey(data: key.bytes) }

    /// What stands for the files of a spec.
    mutating func record(
        of spec: ContainerSpec, environment: EnvironmentName, application: ApplicationName
    ) -> FileRecord {
        var record = FileRecord()
        let titled = Dictionary(grouping: spec.files, by: \.title)
        record.fingerprints = titled.mapValues { files in
            let single = files.sorted { $0.target < $1.target }.map { fingerprint(of: $0) }
            return single.count == 1 ? single[0] : fingerprint(ofAll: single)
        }
        let mounted = spec.mountedFiles
        guard !mounted.isEmpty else { return record }
        record.mountedTargets = Set(mounted.map { CanonicalText.path($0.target) })
        record.volume = FileVolume.name(
            environment: environment, application: application,
            digest: fingerprint(ofAll: mounted.map { fingerprint(of: $0) }))
        return record
    }

    private mutating func fingerprint(of file: DeliveredFile) -> String {
        if let known = known[file] { return known }
        var hash = HMAC<SHA256>(key: key)
        for text in [file.kind.rawValue, CanonicalText.path(file.target), "\(file.user):\(file.group)"] {
            Self.add(Array(text.utf8), to: &hash)
        }
        for (path, entry) in file.entries.sorted(by: { $0.key < $1.key }) {
            Self.add(Array(path.utf8), to: &hash)
            switch entry {
            case .file(let content, let mode):
                Self.add(Array("file \(mode)".utf8), to: &hash)
                Self.add(content.bytes, to: &hash)
            case .folder(let mode): Self.add(Array("folder \(mode)".utf8), to: &hash)
            case .symbolicLink(let target): Self.add(Array("link \(target)".utf8), to: &hash)
            }
        }
        let fingerprint = Self.text(hash)
        known[file] = fingerprint
        return fingerprint
    }

    private func fingerprint(ofAll fingerprints: [String]) -> String {
        var hash = HMAC<SHA256>(key: key)
        for fingerprint in fingerprints { Self.add(Array(fingerprint.utf8), to: &hash) }
        return Self.text(hash)
    }

    private static func add(_ bytes: [UInt8], to hash: inout HMAC<SHA256>) {
        hash.update(data: Array("\(bytes.count):".utf8))
        hash.update(data: bytes)
    }

    private static func text(_ hash: HMAC<SHA256>) -> String {
        hash.finalize().prefix(16).map(hexadecimal).joined()
    }
}

/// `sha256:` and 64 digits.
package func sha256(of bytes: [UInt8]) -> String { "sha256:" + SHA256.hash(data: bytes).map(hexadecimal).joined() }

/// Two digits.
func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
