import DockerAPI
import Foundation
import RecastHosts
import RecastModel
import RecastTesting
import Testing

extension FleetTests {
    /// What is left of a history when all volumes without a user are pruned.
    @Suite(.serialized) struct PruneTests {
        /// Of this API version, that means those with a name, too.
        private func pruneVolumes(of socket: String) async throws {
            let url = "http://docker/v1.41/volumes/prune"
            let pruned = try await Command("/usr/bin/curl", ["-fsS", "-X", "POST", "--unix-socket", socket, url]).run()
            try #require(pruned.status == 0, "\(pruned.output)\(pruned.errors)")
        }

        @Test func `a prune takes no history where the engine can keep it, and stops nothing elsewhere`() async throws {
            try await TestProject.with { project in
                try project.write(web: "web:1")
                try await project.applyAndSettle()
                let keeps = try await project.fleet.withEngine("h1") { EngineFacts($0.reader).sparesVolumesWithOptions }
                try await pruneVolumes(of: project.fleet.socket("h1"))
                let before = try await project.recast("history", "test", "--json")
                #expect(before.status == 0 && before.output.contains("\"number\" : 1") == keeps, "\(before)")
                try project.write(web: "web:2")
                try await project.applyAndSettle()
                let after = try await project.recast("history", "test", "--json")
                #expect(after.status == 0 && after.output.contains("\"number\" : \(keeps ? 2 : 1)"), "\(after)")
            }
        }
    }
}
