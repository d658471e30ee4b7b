import DockerAPI
import Foundation
import RecastTesting
import Synchronization
import Testing

extension FleetTests {
    /// `kill -9` at every call that changes something; the next apply finishes what was begun.
    @Suite struct CrashTests {
        private static func services(version: Int) -> String {
            """
              front:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                restart: always
                environment: { VERSION: "\(version)" }
                ports: ["18090:8080"]
                stop_grace_period: 1s
                depends_on: [data]
                deploy: { update_config: { monitor: 0s } }
              data:
                image: ${REGISTRY}/shop/base:1
                command: ["sleep", "1000"]
                init: true
                environment: { VERSION: "\(version)" }
                volumes: ["store:/store"]
                x-recast: { backup: { when: before-replace, folder: ../saved, keep: 1 } }
                stop_grace_period: 1s
                deploy: { update_config: { monitor: 0s } }
            """
        }

        /// Applies through a proxy that kills the process at a call.
        ///
        /// - Returns: whether it came to that call.
        private func applyKilled(
            _ project: inout TestProject, version: Int, at call: Int, _ moment: EngineProxy.Moment
        ) async throws -> Bool {
            let process = Mutex<Int32>(0)
            let socket = project.fleet.socket("h1")
            let kills = { @Sendable in process.withLock { if $0 > 0 { _ = kill($0, SIGKILL) } } }
            let copy = project
            let calls = try await EngineProxy.with(socket: socket, target: call, moment: moment, act: kills) {
                proxy, path in
                var project = copy
                project.sockets["h1"] = path
                try project.write(services: Self.services(version: version), rest: "volumes: { store: }")
                let ended = try await project.recast("apply", "test", "--yes") { pid in
                    process.withLock { $0 = pid }
                }
                #expect(ended.status == (proxy.mutatingCalls < call ? 0 : SIGKILL), "\(ended.errors)")
                return proxy.mutatingCalls
            }
            try project.write(services: Self.services(version: version), rest: "volumes: { store: }")
            return calls >= call
        }

        private func expectConverged(_ project: TestProject, version: Int, _ comment: Comment) async throws {
            // What was under way in the engine when the process died may still end between plan and apply.
            var applied = try await project.recast("apply", "test", "--yes")
            if applied.status == 3 { applied = try await project.recast("apply", "test", "--yes") }
            #expect(applied.status == 0, "\(comment) \(applied.output)\(applied.errors)")
            try await project.expectNoChanges(comment)
            let containers = try await project.containers()
            #expect(containers.count == 2, comment)
            #expect(containers.allSatisfy { $0.State?.Status == "running" }, comment)
            #expect(containers.allSatisfy { $0.Config?.Env?.contains("VERSION=\(version)") ?? false }, comment)
        }

        @Test(arguments: EngineProxy.Moment.allCases)
        func `a replacement that was killed is finished, nothing doubled`(moment: EngineProxy.Moment) async throws {
            try await TestProject.with { project in
                try project.write(services: Self.services(version: 0), rest: "volumes: { store: }")
                try await project.applyAndSettle()
                var call = 1
                while try await applyKilled(&project, version: call, at: call, moment) {
                    try await expectConverged(project, version: call, "killed \(moment) \(call)")
                    call += 1
                }
                #expect(call > 8, "only \(call - 1) calls were met")
            }
        }

        @Test func `a first apply that was killed is finished, nothing doubled`() async throws {
            var call = 1
            var goesOn = true
            while goesOn {
                goesOn = try await TestProject.with { project in
                    let wasKilled = try await applyKilled(&project, version: 1, at: call, .beforeReply)
                    try await expectConverged(project, version: 1, "killed at call \(call)")
                    return wasKilled
                }
                call += 1
            }
            #expect(call > 5, "only \(call - 1) calls were met")
        }

        @Test func `plan and status change nothing`() async throws {
            try await TestProject.with { project in
                let copy = project
                let calls = try await EngineProxy.with(socket: project.fleet.socket("h1")) { proxy, path in
                    var project = copy
                    project.sockets["h1"] = path
                    try project.write(services: Self.services(version: 1), rest: "volumes: { store: }")
                    #expect(try await project.recast("plan", "test", "--detailed-exitcode").status == 2)
                    #expect(try await project.recast("status", "test").status == 0)
                    return proxy.mutatingCalls
                }
                #expect(calls == 0)
            }
        }
    }
}
