import DockerAPI
import Foundation
import RecastTesting
import Testing

extension FleetTests {
    /// What somebody's clean-up takes away.
    @Suite(.serialized) struct LostThingsTests {
        /// `docker system prune --all --volumes --force`, as far as it concerns the application's own things and images
        /// that nobody uses.
        private static func prune(_ socket: String, _ application: String) {
            let label = "%7B%22label%22%3A%5B%22io.recast.application%3D\(application)%22%5D%7D"
            let calls = [
                "containers/prune?filters=\(label)", "networks/prune?filters=\(label)",
                "volumes/prune?filters=\(label)", "images/prune?filters=%7B%22dangling%22%3A%5B%22false%22%5D%7D",
            ]
            for call in calls {
                let curl = Process()
                curl.executableURL = URL(filePath: "/usr/bin/curl")
                curl.arguments = ["-fsS", "-o", "/dev/null", "-X", "POST", "--unix-socket", socket, "http://d/\(call)"]
                try? curl.run()
                curl.waitUntilExit()
            }
        }

        @Test(arguments: [2, 4, 7])
        func `a system prune in the middle of an apply costs history, and nothing else`(call: Int) async throws {
            try await TestProject.with { project in
                try project.write(web: "web:1")
                try await project.applyAndSettle()
                let socket = project.fleet.socket("h1")
                let (copy, name) = (project, project.name)
                try await EngineProxy.with(
                    socket: socket, target: call, moment: .beforeCall, act: { Self.prune(socket, name) }
                ) { _, path in
                    var project = copy
                    project.sockets["h1"] = path
                    try project.write(web: "web:2")
                    let ended = try await project.recast("apply", "test", "--yes")
                    // The lease goes with the rest, and whoever has none any more stops, puts nothing back and says so.
                    #expect([0, 1, 4].contains(ended.status), "\(ended.output)\(ended.errors)")
                    #expect(try await !project.running().isEmpty, "\(ended.output)\(ended.errors)")
                }
                try project.write(web: "web:2")
                try await project.applyAndSettle()
                let history = try await project.recast("history", "test")
                #expect(history.status == 0 && history.output.contains("web 2"), "\(history.output)\(history.errors)")
            }
        }

        @Test func `a host that was lost and replaced gets all of it again, and others remember`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                for image in ["web:1", "web:2"] {
                    try project.write(web: image)
                    try await project.applyAndSettle()
                }
                try await project.removeWithImages()
                Self.prune(project.fleet.socket("h2"), project.name)
                try await project.applyAndSettle()
                #expect(try await project.running(on: "h2").count == 1)
                let list = try await project.recast("rollback", "test", "--list")
                #expect(list.status == 0 && list.output.contains("in the registry"), "\(list.output)\(list.errors)")
                let back = try await project.recast("rollback", "test", "--yes", "--image-only")
                #expect(back.status == 0, "\(back.output)\(back.errors)")
                for host in project.hosts {
                    let images = try await project.running(on: host).map { $0.Config?.Labels?["io.recast.image"] }
                    #expect(images == ["\(project.fleet.registry)/shop/web:1"])
                }
            }
        }
    }
}
