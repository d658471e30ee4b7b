import Foundation

/// Asks published ports of hosts every 10 ms while something happens to them, from a process of its own.
///
/// `scripts/rollout.d/poller.py` does the asking, and says what counts as an answer.
struct Poller: Sendable {
    /// What became of one port.
    struct Record: Decodable, Sendable {
        /// The longest time between one answer and the next, in milliseconds; `nil` when it did not answer again.
        let gap: Int?
        /// How many requests were made.
        let asked: Int
        /// How many of them had no answer within 250 ms.
        let failed: Int
    }

    /// The poller ended before the ports had answered, for the reason that it gave.
    struct Ended: Error {
        let reason: String
    }

    /// The folder of the scripts.
    let scripts: String
    /// Such as `10.77.40.11:18080`.
    let doors: [String]

    /// Runs `body` once every door has answered; returns when each has answered after that too, by door.
    ///
    /// A door that is silent for half a minute before or after fails the whole, or has no gap.
    func watch(_ body: () async throws -> Void) async throws -> [String: Record] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "poller-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let pipes = ["end", "reports"].map { folder.appending(path: $0).path }
        for pipe in pipes where unsafe mkfifo(pipe, 0o600) != 0 { throw Ended(reason: "no pipe \(pipe)") }
        let shell = "exec python3 \"$0\" \"$@\" <end >reports"
        let poller = Command("/bin/sh", ["-c", shell, "\(scripts)/rollout.d/poller.py"] + doors, in: folder.path)
        async let ended = poller.run()
        // In the shell's order; each waits for the other side.
        let ends = await Self.onThread { (Self.open(pipes[0], O_WRONLY), Self.open(pipes[1], O_RDONLY)) }
        let isReady = await Self.onThread { (try? ends.1.read(upToCount: Self.ready.count)) == Self.ready }
        let outcome = await Self.result { if isReady { try await body() } }
        try ends.0.close()
        let report = await Self.onThread { (try? ends.1.readToEnd()) ?? Data() }
        let end = try await ended
        try outcome.get()
        guard isReady, end.status == 0 else { throw Ended(reason: end.errors) }
        return try JSONDecoder().decode([String: Record].self, from: report)
    }

    private static let ready = Data("ready\n".utf8)

    private static func open(_ path: String, _ mode: Int32) -> FileHandle {
        FileHandle(fileDescriptor: unsafe Foundation.open(path, mode | O_CLOEXEC), closeOnDealloc: true)
    }

    private static func result(_ body: () async throws -> Void) async -> Result<Void, any Error> {
        do { return .success(try await body()) } catch { return .failure(error) }
    }

    /// Blocking must not hold one of the few threads that tests run on.
    private static func onThread<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { done in
            Thread.detachNewThread { done.resume(returning: work()) }
        }
    }
}
