import ArgumentParser
import Foundation
import RecastTesting
import SystemPackage

/// Stands before an engine and writes down what it answers.
struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record",
        abstract: "Passes calls on to an engine and appends each answer to a file.",
        discussion: """
            The file has a line of JSON for each call, with the whole answer: treat it as what the engine knows, secrets
            included. Answers that never end, such as events, are not passed on. Ends with standard input.

            Example:
              recast-sim record --engine /var/run/docker.sock --at /tmp/r.sock --into plan.ndjson
            """)

    @Option(help: "The engine's socket.")
    var engine: String

    @Option(help: "Where it listens.")
    var at: String

    @Option(help: "The file; made if it is not there.")
    var into: String

    func run() async throws {
        let file = try FileDescriptor.open(
            FilePath(into), .writeOnly, options: [.create, .append], permissions: .ownerReadWrite)
        defer { try? file.close() }
        let recorder = EngineRecorder(engine: engine) { exchange in
            try file.writeAll(Array(JSONEncoder().encode(exchange)) + [UInt8(ascii: "\n")])
        }
        try await HTTPServer.withServer(at: .unix(path: at), handler: recorder.answer) { _ in
            try Lines.tell("ready")
            for await _ in Lines.input {}
        }
    }
}

/// Answers as a recording does.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Answers as an engine did whose answers were recorded.",
        discussion: """
            What is asked several times gets the answers of then in their order, and the last one from there on; what was
            never asked gets 404. Ends with standard input.

            Example:
              recast-sim replay plan.ndjson --at /tmp/r.sock
            """)

    @Argument(help: "What 'recast-sim record' wrote.")
    var recording: String

    @Option(help: "Where it listens.")
    var at: String

    @Flag(help: "Each answer takes as long as it took then.")
    var paced = false

    func run() async throws {
        let text = try String(contentsOfFile: recording, encoding: .utf8)
        let exchanges = try text.split(separator: "\n").map { line in
            try JSONDecoder().decode(RecordedExchange.self, from: Data(line.utf8))
        }
        let replay = EngineReplay(exchanges, isPaced: paced)
        let handler: HTTPServer.Handler = { replay.answer($0) }
        try await HTTPServer.withServer(at: .unix(path: at), handler: handler) { _ in
            try Lines.tell("ready")
            for await _ in Lines.input {}
        }
    }
}
