import Foundation

/// A program with its arguments.
///
/// It is started with `posix_spawn`: Foundation's `Process` waits until every descendant has let go of a descriptor.
struct Command {
    struct Ended: Sendable {
        /// The exit code, or the number of the signal that ended it.
        let status: Int32
        let output: String
        let errors: String
    }

    struct CannotStart: Error {
        let path: String
        let code: Int32
    }

    let path: String
    let arguments: [String]
    let folder: String
    let environment: [String: String]

    init(_ path: String, _ arguments: [String], in folder: String = "/", environment: [String: String] = [:]) {
        self.path = path
        self.arguments = arguments
        self.folder = folder
        self.environment = environment
    }

    /// Starts it and waits; `started` gets its process ID.
    ///
    /// Both streams go to files, so that no pipe can fill up.
    func run(started: @escaping @Sendable (Int32) -> Void = { _ in }) async throws -> Ended {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let files = ["output", "errors"].map { scratch.appending(path: $0).path }
        let process = try start(output: files[0], errors: files[1])
        started(process)
        let status = await Self.end(of: process)
        return Ended(status: status, output: try Self.text(files[0]), errors: try Self.text(files[1]))
    }

    private static func text(_ file: String) throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

    private func start(output: String, errors: String) throws -> Int32 {
        let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // `env -C` changes the folder and becomes the program; the process keeps its ID.
        let words: [String] = ["env", "-C", folder, path] + arguments
        let wordCopies = unsafe Self.copies(words)
        let variableCopies = unsafe Self.copies(all.map { "\($0)=\($1)" })
        defer { unsafe Self.release(wordCopies + variableCopies) }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
        let writing = O_WRONLY | O_CREAT | O_TRUNC
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, output, writing, 0o600)
        unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, writing, 0o600)
        var process: pid_t = 0
        let code = unsafe posix_spawn(&process, "/usr/bin/env", &actions, nil, wordCopies, variableCopies)
        guard code == 0 else { throw CannotStart(path: path, code: code) }
        return process
    }

    /// C strings with a null at the end, for the caller to free.
    private static func copies(_ texts: [String]) -> [UnsafeMutablePointer<CChar>?] {
        unsafe texts.map { unsafe strdup($0) } + [nil]
    }

    private static func release(_ copies: [UnsafeMutablePointer<CChar>?]) {
        for index in unsafe copies.indices { unsafe free(copies[index]) }
    }

    private static func end(of process: Int32) async -> Int32 {
        await withCheckedContinuation { ended in
            // A thread of its own: waiting must not block the few that tests run on.
            Thread.detachNewThread {
                var status: Int32 = 0
                while unsafe waitpid(process, &status, 0) == -1, errno == EINTR {}
                let signal = status & 0x7f
                ended.resume(returning: signal == 0 ? (status >> 8) & 0xff : signal)
            }
        }
    }
}
