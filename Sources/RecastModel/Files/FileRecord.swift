/// What stands for a container's files where it is compared, hashed and written down.
///
/// Pinning fills it in from the desired files; on the live side it is read back from a label and the mounts.
package struct FileRecord: Hashable, Sendable {
    /// By title, such as `secret DB_PASSWORD`: the keyed hash of content, place, mode and owner.
    package var fingerprints: [String: String] = [:]
    /// Where something of the files' volume is mounted, in canonical form.
    ///
    /// No part of the comparison: it follows from fields that are.
    package var mountedTargets: Set<String> = []
    /// The volume with the files that are mounted instead of copied; `nil`: there are none.
    package var volume: String?

    package init() {}

    /// One line for each title; the fingerprint comes first.
    package var labelText: String {
        fingerprints.map { "\($0.value) \($0.key)" }.sorted().joined(separator: "\n")
    }

    package init(labelText: String) {
        for line in labelText.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            if parts.count == 2 { fingerprints[String(parts[1])] = String(parts[0]) }
        }
    }

    /// What a field's path begins with when it is about a file.
    package static let fieldPrefix = "files."

    func add(to fields: inout Fields) {
        fields.set("files", map: fingerprints)
    }
}

extension ContainerSpec {
    /// Files that a read-only mount shows to the container.
    ///
    /// Binds are, because a folder hides what the image has there. The others are where a copy is refused or would be
    /// hidden: on a read-only root file system, below a mount, and where the engine mounts something itself.
    package var mountedFiles: [DeliveredFile] { files.filter(isMounted).sorted { $0.target < $1.target } }

    /// Files that are copied into the container's own file system.
    package var copiedFiles: [DeliveredFile] { files.filter { !isMounted($0) }.sorted { $0.target < $1.target } }

    private func isMounted(_ file: DeliveredFile) -> Bool {
        let target = CanonicalText.path(file.target)
        // The volume was filled for the mounts of then: a rehearsal has fewer of them.
        if !fileRecord.fingerprints.isEmpty { return fileRecord.mountedTargets.contains(target) }
        let others = files.lazy.filter { $0.kind == .bind && $0 != file }.map(\.target)
        return file.kind == .bind || isolation.readOnlyRootFilesystem
            || (mounts.map(\.target) + others + Self.engineMounts).contains { place in
                let place = CanonicalText.path(place)
                return target == place || target.hasPrefix(place == "/" ? place : place + "/")
            }
    }

    /// What an engine mounts in every container.
    private static let engineMounts = ["/proc", "/sys", "/dev", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]
}
