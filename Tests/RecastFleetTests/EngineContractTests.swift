import DockerAPI
import Foundation
import NIOCore
import RecastModel
import RecastTesting
import Tar
import Testing

extension FleetTests {
    /// The assertions that the simulated engine is held to, held against a real one.
    @Suite struct RealEngineContract {
        /// In the API version that Recast would speak with it.
        private static func contract() async throws -> EngineContract {
            let api = try await TestFleet.current.withEngine("h1") { $0.reader.api }
            var archive: [UInt8] = []
            for await piece in TarArchive([TarEntry("a/file", .file([65]), mode: 0o400, time: 0)]) {
                archive += piece.readableBytesView
            }
            return EngineContract(
                EngineContract.Facts(
                    api: APIVersion(api.major, api.minor), archive: archive,
                    images: TestFleet.current.registry + "/shop/"),
                exchange: send)
        }

        private static let send: EngineContract.Exchange = { method, path, body in
            let socket = TestFleet.current.socket("h1")
            var arguments = ["-s", "--unix-socket", socket, "-X", method, "-w", "\n%{http_code}"]
            let file = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            if let body {
                try Data(body).write(to: file)
                arguments += ["-H", "Content-Type: application/json", "--data-binary", "@\(file.path)"]
            }
            if method == "HEAD" { arguments += ["--head", "-o", "/dev/null"] }
            let reply = try await Command("/usr/bin/curl", arguments + ["http://docker\(path)"]).run()
            let parts = reply.output.split(separator: "\n", omittingEmptySubsequences: false)
            let status = parts.last.flatMap { Int($0) } ?? 0
            return (status, Array(parts.dropLast().joined(separator: "\n").utf8))
        }

        @Test(arguments: EngineContract.checks.map(\.name))
        func `a real engine keeps the contract`(name: String) async throws {
            let check = try #require(EngineContract.checks.first { $0.name == name })
            try await Self.contract().verify(check)
        }
    }
}
