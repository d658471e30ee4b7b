import DockerAPI
import Foundation
import Testing

/// The real hosts that `scripts/test` started, and the binary it built.
struct TestFleet: Sendable {
    let folder: String
    let registry: String
    let binary: String
    let scripts: String

    /// Integration tests fail without a fleet; they never pass by not running.
    static let current = TestFleet()

    private init() {
        let environment = ProcessInfo.processInfo.environment
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        folder = environment["RECAST_FLEET_DIR"] ?? "/var/lib/recast-fleet"
        registry = environment["RECAST_FLEET_REGISTRY"] ?? "10.77.40.2:5000"
        binary = environment["RECAST_BINARY"] ?? root + "/.build/debug/recast"
        scripts = root + "/scripts"
    }

    func socket(_ host: String) -> String { "\(folder)/\(host)/docker.sock" }

    /// Gives an engine to look at and to meddle with, as a person on that host would.
    func withEngine<Result: Sendable>(
        _ host: String, _ body: (EngineClient) async throws -> Result
    ) async throws -> Result {
        try await EngineNetwork.withNetwork { network in
            try await body(EngineClient(EngineReader.connect(to: .unix(path: socket(host)), over: network)))
        }
    }

    /// `scripts/fleet` with the variables that `scripts/test` set for it.
    func manage(_ arguments: String...) async throws {
        // A daemon that the script starts must not inherit the descriptor by which `Process` learns of the end.
        let closing = """
            for fd in /proc/$$/fd/*; do n=${fd##*/}; [ "$n" -gt 2 ] && eval "exec $n>&-"; done; exec "$@"
            """
        let run = try await Command("/bin/bash", ["-c", closing, "fleet", scripts + "/fleet"] + arguments).run()
        try #require(run.status == 0, "fleet \(arguments): \(run.output)\(run.errors)")
    }
}

/// A program with its arguments.
struct Command {
    struct Ended: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    let path: String
    let arguments: [String]
    var folder: String?
    var environment: [String: String] = [:]

    init(_ path: String, _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.folder = folder
        self.environment = environment
    }

    /// Starts it; `started` gets its process ID.
    ///
    /// Both streams go to files, so that no pipe can fill up.
    func run(started: @escaping @Sendable (Int32) -> Void = { _ in }) async throws -> Ended {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let folder { process.currentDirectoryURL = URL(filePath: folder) }
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        let files = try ["output", "errors"].map { name in
            let file = scratch.appending(path: name)
            try Data().write(to: file)
            return file
        }
        process.standardOutput = try FileHandle(forWritingTo: files[0])
        process.standardError = try FileHandle(forWritingTo: files[1])
        let status = try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { ended.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
                started(process.processIdentifier)
            } catch {
                ended.resume(throwing: error)
            }
        }
        return Ended(
            status: status, output: try String(contentsOf: files[0], encoding: .utf8),
            errors: try String(contentsOf: files[1], encoding: .utf8))
    }
}
