import Foundation
import NIOCore
import NIOPosix
import Subprocess

@testable import SSHTunnel

/// A real sshd on a loopback port with keys of its own, for the length of a scope.
struct SSHServer: Sendable {
    let folder: String
    let port: Int
    let processID: Int32

    static func with<Value>(
        _ lines: [String] = [], hostKeys: [String] = ["ed25519"],
        _ body: (SSHServer) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        for type in hostKeys {
            try await Command.run("ssh-keygen", ["-qt", type, "-N", "", "-f", "\(folder)/host_\(type)"])
        }
        try await Command.run("ssh-keygen", ["-qt", "ed25519", "-N", "", "-f", "\(folder)/user"])
        try FileManager.default.copyItem(atPath: "\(folder)/user.pub", toPath: "\(folder)/authorized")
        let port = try await freePort()
        let keys = hostKeys.map { "HostKey \(folder)/host_\($0)" }
        let configuration =
            lines + keys + [
                "Port \(port)", "ListenAddress 127.0.0.1", "PidFile none", "UsePAM no", "StrictModes no",
                "PermitRootLogin yes", "AuthorizedKeysFile \(folder)/authorized", "MaxStartups 500",
            ]
        try configuration.joined(separator: "\n").appending("\n")
            .write(toFile: "\(folder)/sshd.conf", atomically: true, encoding: .utf8)
        let processID = try ChildProcess.start([
            "/usr/sbin/sshd", "-D", "-E", "\(folder)/log", "-f", "\(folder)/sshd.conf",
        ])
        defer { ChildProcess.end(processID) }
        let server = SSHServer(folder: folder, port: port, processID: processID)
        while !server.log.contains("Server listening") { try await Task.sleep(for: .milliseconds(10)) }
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        for session in (try? await server.sessions()) ?? [] { kill(session, SIGKILL) }
        return try result.get()
    }

    /// What the server has logged.
    var log: String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }

    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    var userKey: SSHIdentity {
        get throws {
            .key(name: "user", privateKey: [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/user"))))
        }
    }

    func hop(
        user: String = "root", identities: [SSHIdentity]? = nil, timeout: Duration = .seconds(60),
        verify: @escaping @Sendable (SSHHostKey) async throws -> Void = { _ in }
    ) throws -> SSHHop {
        let keys = try identities ?? [userKey]
        return SSHHop(
            host: "127.0.0.1", port: port, user: user, connectTimeout: timeout, verify: verify, identities: { keys })
    }

    func route(to socket: String) throws -> SSHRoute {
        SSHRoute(hops: [try hop()], socketPath: socket)
    }

    /// The processes that serve connections.
    func sessions() async throws -> [Int32] {
        try await Command.run("sh", ["-c", "cat /proc/\(processID)/task/*/children"])
            .split(separator: " ").compactMap { Int32($0) }
    }
}

enum TemporaryFolder {
    static func make() throws -> String {
        var template = Array("/tmp/sst.XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw POSIXError(.EIO) }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func remove(_ path: String) {
        try? FileManager.default.removeItem(atPath: path)
    }
}

struct CommandFailed: Error {
    let words: [String]
    let output: String
}

enum Command {
    /// The standard output of a program found in PATH.
    @discardableResult
    static func run(_ name: String, _ arguments: [String], input: [UInt8] = []) async throws -> String {
        String(decoding: try await bytes(name, arguments, input: input), as: UTF8.self)
    }

    @discardableResult
    static func bytes(_ name: String, _ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        let result = try await Subprocess.run(
            .name(name), arguments: Arguments(arguments), input: .array(input), output: .bytes(limit: 1 << 20),
            error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw CommandFailed(words: [name] + arguments, output: result.standardError)
        }
        return result.standardOutput
    }
}

/// A child that runs for the length of a scope.
enum ChildProcess {
    static func start(_ words: [String]) throws -> Int32 {
        var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
        defer {
            for index in unsafe arguments.indices { unsafe free(arguments[index]) }
        }
        var processID: Int32 = 0
        let result = unsafe posix_spawn(&processID, words[0], nil, nil, &arguments, environ)
        guard result == 0 else { throw POSIXError(POSIXErrorCode(rawValue: result) ?? .EIO) }
        return processID
    }

    static func end(_ processID: Int32) {
        kill(processID, SIGKILL)
        var status: Int32 = 0
        unsafe waitpid(processID, &status, 0)
    }
}
