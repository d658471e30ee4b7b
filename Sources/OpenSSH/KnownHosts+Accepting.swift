import Crypto
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A key that was accepted because the configuration says so; to be told to the user once.
package struct AcceptedHostKey: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let key: HostKey
    package let file: String

    package var description: String {
        "the host key of '\(host)', \(key.type) \(key.fingerprint), was new and is now kept in \(file)"
    }
}

extension KnownHostsFiles {
    /// Decides on a key by the policy of the host, and appends a new one where that accepts it.
    ///
    /// `known`: what ``knownHosts(for:)`` has just said.
    ///
    /// - Returns: What was accepted, or nil for a key that is known.
    /// - Throws: ``HostKeyError``, ``HostKeyFileError``, ``ProgramError`` or `CancellationError`.
    package func check(
        _ key: HostKey, of settings: SSHSettings, known: KnownHosts
    ) async throws -> AcceptedHostKey? {
        guard let problem = HostKeyError.Problem(known.verdict(on: key)) else { return nil }
        guard problem == .unknown, settings.hostKeyPolicy == .acceptNew, let file = settings.userKnownHostsFiles.first
        else { throw HostKeyError(problem, settings, key) }
        return try await appending.pass { try await accept(key, of: settings, in: file) }
    }

    /// Appends the key under the file's lock, unless somebody else has written about the host in the meantime.
    private func accept(_ key: HostKey, of settings: SSHSettings, in file: String) async throws -> AcceptedHostKey? {
        do {
            let folder = FilePath(file).removingLastComponent().string
            try FileManager.default.createDirectory(
                atPath: folder.isEmpty ? "." : folder, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
            let descriptor = try FileDescriptor.open(
                FilePath(file), .readWrite, options: [.append, .create, .closeOnExec], permissions: [.ownerReadWrite])
            defer { try? descriptor.close() }
            while flock(descriptor.rawValue, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(20)) }
            let verdict = try await knownHosts(for: settings).verdict(on: key)
            guard let problem = HostKeyError.Problem(verdict) else { return nil }
            guard problem == .unknown else { throw HostKeyError(problem, settings, key) }
            try Self.append(key, of: settings, to: descriptor)
            return AcceptedHostKey(host: settings.alias, key: key, file: file)
        } catch let error as Errno {
            throw HostKeyFileError(file: file, reason: "\(error)")
        } catch let error as CocoaError {
            throw HostKeyFileError(file: file, reason: "\(error)")
        }
    }

    private static func append(_ key: HostKey, of settings: SSHSettings, to descriptor: FileDescriptor) throws {
        let name = HostKeyNames(settings).name
        var line = "\(settings.hashKnownHosts ? hashed(name) : name) \(key.type) \(key.base64)\n"
        let end = try descriptor.seek(offset: 0, from: .end)
        var last: [UInt8] = [0]
        let count = try unsafe last.withUnsafeMutableBytes { buffer in
            try unsafe end > 0 ? descriptor.read(fromAbsoluteOffset: end - 1, into: buffer) : 0
        }
        if count == 1, last != [UInt8(ascii: "\n")] { line = "\n" + line }
        try descriptor.writeAll(line.utf8)
    }

    /// The form of `HashKnownHosts`: `|1|salt|HMAC-SHA1(salt, name)`.
    static func hashed(_ name: String) -> String {
        let key = SymmetricKey(size: SymmetricKeySize(bitCount: 160))
        let salt = unsafe key.withUnsafeBytes { unsafe Data($0) }
        let digest = HMAC<Insecure.SHA1>.authenticationCode(for: Data(name.utf8), using: key)
        return "|1|\(salt.base64EncodedString())|\(Data(digest).base64EncodedString())"
    }
}
