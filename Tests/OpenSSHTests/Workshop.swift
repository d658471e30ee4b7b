import RecastTesting
import SSHAddressing
import Subprocess
import SystemPackage
import Testing

@testable import OpenSSH

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A folder of keys, configuration files and sockets for one test.
struct Workshop: Sendable {
    let folder: String
    var installation: Installation

    /// Runs the body with an empty configuration and without an agent of the environment.
    static func open<Value>(_ body: (Workshop) async throws -> Value) async throws -> Value {
        try await withPrivateFolder(in: "/tmp") { folder in
            let workshop = Workshop(
                folder: folder,
                installation: Installation(
                    configFile: folder + "/config", overrides: ["SSH_AUTH_SOCK": nil, "HOME": "/nonexistent"]))
            try workshop.write("", to: "config")
            return try await body(workshop)
        }
    }

    func path(_ name: String) -> String { folder + "/" + name }

    @discardableResult
    func write(_ text: String, to name: String, mode: Int = 0o600) throws -> String {
        try text.write(toFile: path(name), atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path(name))
        return path(name)
    }

    func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }

    /// Makes a key pair and returns the path of its private part.
    @discardableResult
    func makeKey(
        _ name: String, _ type: String = "ed25519", passphrase: String = "", options: [String] = []
    ) async throws -> String {
        let outcome = try await installation.run(
            "ssh-keygen", ["-q", "-t", type, "-N", passphrase, "-C", name, "-f", path(name)] + options,
            deadline: .seconds(300))
        try #require(outcome.status == 0, "\(outcome.errors)")
        return path(name)
    }

    func publicKey(_ name: String) throws -> HostKey {
        let fields = try read(name + ".pub").split(separator: " ")
        return try #require(HostKey(base64: fields[1]))
    }

    /// The type and the encoded key, as a line of known hosts wants them.
    func publicLine(_ name: String) throws -> String {
        try read(name + ".pub").split(separator: " ").prefix(2).joined(separator: " ")
    }

    func settings(_ host: String, _ configuration: String) async throws -> SSHSettings {
        try write(configuration, to: "config")
        return try await SettingsResolver(installation).settings(of: SSHAddress("ssh://\(host)"))
    }
}

extension SeededGenerator {
    mutating func bytes(upTo limit: Int) -> [UInt8] {
        (0..<Int.random(in: 0...limit, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// A copy with a few bytes replaced, and perhaps cut short.
    mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var copy = bytes
        for _ in 0..<Int.random(in: 1...8, using: &self) where !copy.isEmpty {
            copy[Int.random(in: copy.indices, using: &self)] = UInt8.random(in: 0...255, using: &self)
        }
        return Bool.random(using: &self) ? copy : Array(copy.prefix(Int.random(in: 0...copy.count, using: &self)))
    }
}
