import Foundation
import RecastHosts
import RecastModel
import RecastTesting
import Testing

/// The script that a container is asked with, run by the shell of this machine with one tool alone.
@Suite(.timeLimit(.minutes(2))) struct ProbeScriptTests {
    private static let tools = ["bash", "perl", "curl"]

    /// The exit code, and what it wrote.
    private func run(_ probe: Probe, with tool: String?) async throws -> (code: Int32, words: String) {
        let folder = FileManager.default.temporaryDirectory.appending(path: "probe-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        if let tool {
            try FileManager.default.createSymbolicLink(
                atPath: folder.appending(path: tool).path, withDestinationPath: "/usr/bin/\(tool)")
        }
        let command = probe.command
        let process = Process()
        process.executableURL = URL(filePath: try #require(command.first))
        process.arguments = Array(command.dropFirst())
        process.environment = ["PATH": folder.path, "http_proxy": "http://127.0.0.1:1"]
        let output = folder.appending(path: "output")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardInput = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do { try process.run() } catch { ended.resume(throwing: error) }
        }
        let words = try String(contentsOf: output, encoding: .utf8)
        return (process.terminationStatus, words.split(separator: "\n").first.map(String.init) ?? "")
    }

    /// A server that answers `/302` with 302, and so on.
    private func withServer(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        try await HTTPServer.withServer(
            at: .loopback,
            handler: { call in
                var reply = HTTPReply.text(Int(call.target.dropFirst()) ?? 500, "text\n")
                reply.headers = [("Location", "/500")]
                return .reply(reply)
            },
            body: { listener in try await body(try #require(listener.port)) })
    }

    @Test(arguments: tools)
    func `a status of 200 to 399 is good, and no redirect is followed`(tool: String) async throws {
        try await withServer { port in
            for (status, code) in [(200, 0), (302, 0), (404, 1), (500, 1)] {
                let ended = try await run(.http(port: port, path: "/\(status)"), with: tool)
                #expect(ended.code == code, "\(status): \(ended.words)")
                #expect(ended.words == (code == 0 ? "" : "status \(status)"))
            }
        }
    }

    @Test(arguments: tools)
    func `a port where nobody answers is named`(tool: String) async throws {
        let ended = try await run(.http(port: 1, path: "/"), with: tool)
        #expect(ended.code == 1)
        #expect(ended.words.hasPrefix("no answer from port 1 (\(tool): "), "\(ended.words)")
    }

    @Test func `without a tool the code is its own`() async throws {
        let ended = try await run(.http(port: 1, path: "/"), with: nil)
        #expect(ended.code == 97)
    }

    @Test func `a port that listens needs no tool`() async throws {
        try await withServer { port in
            let (good, bad) = (try await run(.tcp(port: port), with: nil), try await run(.tcp(port: 1), with: nil))
            #expect(good.code == 0)
            #expect(bad.code == 1)
            #expect(bad.words == "nothing listens on port 1")
        }
    }
}
