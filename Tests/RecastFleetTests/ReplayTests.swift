import Foundation
import RecastTesting
import Synchronization
import Testing

extension FleetTests {
    /// What an engine answered once can be asked again without it.
    @Suite(.serialized) struct ReplayTests {
        @Test func `a plan of recorded answers is the plan of the engine that gave them`() async throws {
            try await TestProject.with { project in
                try project.write(web: "web:1")
                #expect(try await project.recast("apply", "test", "--yes").status == 0)
                try project.write(web: "web:1", more: "environment: { LEVEL: high }")
                let recorded = Mutex<[RecordedExchange]>([])
                let recorder = EngineRecorder(engine: project.fleet.socket("h1")) { exchange in
                    let line = try JSONEncoder().encode(exchange)
                    let read = try JSONDecoder().decode(RecordedExchange.self, from: line)
                    recorded.withLock { $0.append(read) }
                }
                let real = try await plan(&project) { try await recorder.answer($0) }
                let replay = EngineReplay(recorded.withLock { $0 })
                let replayed = try await plan(&project) { replay.answer($0) }
                #expect(real.status == 2 && real.output.contains("LEVEL"), "\(real.output) \(real.errors)")
                #expect(replayed.status == real.status, "\(replayed.errors)")
                #expect(replayed.output == real.output)
            }
        }

        private func plan(
            _ project: inout TestProject, from handler: @escaping HTTPServer.Handler
        ) async throws -> Command.Ended {
            let copy = project
            return try await TemporarySocket.with { socket in
                try await HTTPServer.withServer(at: .unix(path: socket.path), handler: handler) { _ in
                    var project = copy
                    project.sockets["h1"] = socket.path
                    try project.write(web: "web:1", more: "environment: { LEVEL: high }")
                    return try await project.recast("plan", "test", "--json", "--detailed-exitcode")
                }
            }
        }
    }
}
