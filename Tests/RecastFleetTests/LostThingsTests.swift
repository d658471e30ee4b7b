import DockerAPI
import Foundation
import RecastHosts
import RecastModel
import RecastTesting
import Testing

extension FleetTests {
    /// What somebody's clean-up takes away, and who writes at the same time.
    @Suite(.serialized) struct LostThingsTests {
        private func write(_ project: TestProject, _ image: String) throws {
            try project.write(
                services: """
                      web:
                        image: ${REGISTRY}/shop/\(image)
                        stop_grace_period: 1s
                        deploy: { mode: global, update_config: { monitor: 0s } }
                    """)
        }

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
                try write(project, "web:1")
                try await project.applyAndSettle()
                let socket = project.fleet.socket("h1")
                let (copy, name) = (project, project.name)
                try await EngineProxy.with(
                    socket: socket, target: call, moment: .beforeCall, act: { Self.prune(socket, name) }
                ) { _, path in
                    var project = copy
                    project.sockets["h1"] = path
                    try write(project, "web:2")
                    let ended = try await project.recast("apply", "test", "--yes")
                    // The lease goes with the rest, and whoever has none any more stops, puts nothing back and says so.
                    #expect([0, 1, 4].contains(ended.status), "\(ended.output)\(ended.errors)")
                    #expect(try await !project.running().isEmpty, "\(ended.output)\(ended.errors)")
                }
                try write(project, "web:2")
                try await project.applyAndSettle()
                let history = try await project.recast("history", "test")
                #expect(history.status == 0 && history.output.contains("web 2"), "\(history.output)\(history.errors)")
            }
        }

        @Test func `a host that was lost and replaced gets all of it again, and others remember`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                for image in ["web:1", "web:2"] {
                    try write(project, image)
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

        /// - Returns: who got it, and what they wrote.
        private func compete(_ count: Int, for leases: HostLeases) async throws -> [Lease] {
            try await withThrowingTaskGroup(of: Lease?.self) { group in
                for number in 0..<count {
                    group.addTask {
                        let log = try await leases.log()
                        guard log.state == .free else { return nil }
                        let lease = Lease(id: "\(number)", holder: "ana@\(number)", operation: "apply")
                        return try await leases.append(Self.record(.acquire, lease, log.clock), to: log) ? lease : nil
                    }
                }
                return try await group.reduce(into: []) { holders, lease in if let lease { holders.append(lease) } }
            }
        }

        private static func record(_ kind: LeaseRecord.Kind, _ lease: Lease, _ now: Int64) -> LeaseRecord {
            LeaseRecord(kind, lease, since: now, written: now, lasts: 60, nonce: "\(UInt64.random(in: 0 ... .max))")
        }

        @Test func `one of fifty gets the lease of a real engine, round after round`() async throws {
            try await TestProject.with { project in
                let application = ApplicationName(project.name)
                try await project.fleet.withEngine("h1") { engine in
                    let leases = HostLeases(engine, environment: "test", application: application)
                    var held = 0
                    for round in 1...10 {
                        let holders = try await compete(50, for: leases)
                        #expect(holders.count <= 1, "round \(round): \(holders)")
                        guard let holder = holders.first else { continue }
                        held += 1
                        let log = try await leases.log()
                        #expect(try await leases.append(Self.record(.release, holder, log.clock), to: log))
                        try await leases.compact()
                        #expect(try await leases.log().records.count <= 2)
                    }
                    #expect(held > 5)
                }
            }
        }
    }
}
