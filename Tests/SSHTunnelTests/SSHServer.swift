import Foundation
import Subprocess
import Synchronization

@testable import SSHTunnel

/// A real sshd on a loopback port with keys of its own, for the length of a scope.
struct SSHServer: Sendable {
    let folder: String
    let port: Int
    let processID: Int32

    /// `users` are lines of a passwd file that this server alone sees, in a mount namespace of its own.
    static func with<Value>(
        _ lines: [String] = [], hostKeys: [String] = ["ed25519"], users: [String] = [],
        _ body: (SSHServer) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder.make()
        defer { TemporaryFolder.remove(folder) }
        for type in hostKeys {
            try await Command.run("ssh-keygen", ["-qt", type, "-N", "", "-f", "\(folder)/host_\(type)"])
        }
        try await Command.run("ssh-keygen", ["-qt", "ed25519", "-N", "", "-f", "\(folder)/user"])
        try FileManager.default.copyItem(atPath: "\(folder)/user.pub", toPath: "\(folder)/authorized")
        let keys = hostKeys.map { "HostKey \(folder)/host_\($0)" }
        let (port, processID) = try await start(in: folder, lines + keys, users)
        defer { ChildProcess.end(processID) }
        let server = SSHServer(folder: folder, port: port, processID: processID)
        let result: Result<Value, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        for session in (try? await server.sessions()) ?? [] { kill(session, SIGKILL) }
        return try result.get()
    }

    /// What the server has logged.
    var log: String { (try? String(contentsOfFile: "\(folder)/log", encoding: .utf8)) ?? "" }

    /// Starts a server on a port of its own; another program may have it already, then the next one is tried.
    private static func start(
        in folder: String, _ lines: [String], _ users: [String]
    ) async throws -> (port: Int, processID: Int32) {
        let prefix = try prefix(users, folder)
        let settings =
            lines + [
                "ListenAddress 127.0.0.1", "PidFile none", "UsePAM no", "StrictModes no", "PermitRootLogin yes",
                "AuthorizedKeysFile \(folder)/authorized", "MaxStartups 500",
            ]
        while true {
            let port = nextPort()
            let (configuration, log) = ("\(folder)/\(port).conf", "\(folder)/log")
            try (settings + ["Port \(port)"]).joined(separator: "\n").appending("\n")
                .write(toFile: configuration, atomically: true, encoding: .utf8)
            try Data().write(to: URL(fileURLWithPath: log))
            let processID = try ChildProcess.start(
                prefix + ["/usr/sbin/sshd", "-D", "-E", log, "-f", configuration])
            while true {
                // Asked before the log is read, which is complete once the server has ended.
                let hasEnded = ChildProcess.hasEnded(processID)
                let said = try String(contentsOfFile: log, encoding: .utf8)
                if said.contains("Server listening") { return (port, processID) }
                guard hasEnded else {
                    try await Task.sleep(for: .milliseconds(10))
                    continue
                }
                guard said.contains("Address already in use") else {
                    throw CommandFailed(words: ["sshd"], output: said)
                }
                break
            }
        }
    }

    /// What goes before a program so that it sees more users.
    private static func prefix(_ users: [String], _ folder: String) throws -> [String] {
        guard !users.isEmpty else { return [] }
        let path = "\(folder)/passwd"
        let all = try String(contentsOfFile: "/etc/passwd", encoding: .utf8) + users.joined(separator: "\n") + "\n"
        try all.write(toFile: path, atomically: true, encoding: .utf8)
        unsafe _ = chmod(path, 0o644)
        return ["/usr/bin/unshare", "-m", "sh", "-c", "mount --bind \(path) /etc/passwd && exec \"$@\"", "sh"]
    }

    private static let portCount = Atomic(0)

    /// A port that this process uses once, below those that systems hand out by themselves.
    private static func nextPort() -> Int {
        let number = portCount.wrappingAdd(1, ordering: .relaxed).newValue
        return 20_000 + (Int(getpid()) * 97 + number) % 12_000
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

    /// Returns when no connection is served any more.
    func waitForNoSessions() async throws {
        try await poll { try await sessions().isEmpty }
    }

    /// The processes that serve connections.
    func sessions() async throws -> [Int32] {
        try await Command.run("sh", ["-c", "cat /proc/\(processID)/task/*/children"])
            .split(separator: " ").compactMap { Int32($0) }
    }
}

/// Returns when something is true that no event tells of.
func poll(_ condition: () async throws -> Bool) async throws {
    while try await !condition() { try await Task.sleep(for: .milliseconds(10)) }
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

    /// Whether a child has ended by itself; it must still be ended here.
    static func hasEnded(_ processID: Int32) -> Bool {
        var information = unsafe siginfo_t()
        let result = unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOHANG | WNOWAIT)
        return unsafe result != 0 || information.si_signo != 0
    }

    static func end(_ processID: Int32) {
        kill(processID, SIGKILL)
        var status: Int32 = 0
        unsafe waitpid(processID, &status, 0)
    }
}
