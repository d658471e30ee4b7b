import DockerAPI
import Foundation
import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting
import Testing

extension FleetTests {
    /// Files that stand in containers of real engines before they start.
    @Suite(.timeLimit(.minutes(20))) struct FileTests {
        private func expectOutput(
            _ project: FileProject, version: Int, run: Int = 1, _ comment: Comment? = nil
        ) async throws {
            let open = try await project.output(of: "open", run: run)
            #expect(open.contains("pass word \(version)") && open.contains("settings \(version)"), comment)
            #expect(open.contains { $0.isListed("-r--r-----", "1000", "1001", "/run/secrets/DB_PASSWORD") }, "\(open)")
            #expect(open.contains { $0.isListed("-rw-r--r--", "0", "0", "/etc/app/settings") }, "\(open)")
            let closed = try await project.output(of: "closed", run: run)
            #expect(closed.contains("pass word \(version)"), comment)
            #expect(closed.count { $0 == "page" } == 2, "\(closed)")
            #expect(closed.contains { $0.isListed("-r--r-----", "1000", "1001", "/run/secrets/DB_PASSWORD") })
            #expect(closed.contains { $0.isListed("-rw-------", "0", "0", "/srv/site/deep/er/page") })
        }

        @Test func `content, mode and owner arrive; a change replaces; a second plan is empty`() async throws {
            try await FileProject.onEveryEngine { project in
                try await project.applyAndSettle(version: 1)
                try await expectOutput(project, version: 1)
                let first = try await project.volumes()
                let plan = try await project.operations(version: 2).plan().plan
                #expect(plan.changes.map(\.action) == [.replace, .replace])
                #expect(
                    plan.changes.map { $0.differences.map(\.field) } == [
                        ["files.secret DB_PASSWORD"], ["files.config settings", "files.secret DB_PASSWORD"],
                    ])
                try await project.applyAndSettle(version: 2)
                try await expectOutput(project, version: 2)
                let second = try await project.volumes()
                #expect(first.count == 1 && second.count == 2, "the predecessor keeps its files")
                try await project.applyAndSettle(version: 3)
                let third = try await project.volumes()
                #expect(third.count == 2 && !third.contains(first[0]), "they go with it")
            }
        }

        @Test func `a secret is in nothing that an engine tells of its containers`() async throws {
            try await FileProject.onEveryEngine { project in
                try await project.applyAndSettle(version: 1)
                for container in try await project.containers() {
                    let text = String(decoding: try JSONEncoder().encode(container), as: UTF8.self)
                    #expect(!text.contains("pass word"))
                    #expect(text.contains("secret DB_PASSWORD"))
                }
            }
        }

        @Test func `files outlive a restart of the daemon and a pruning of volumes`() async throws {
            try await FileProject.onEveryEngine { project in
                try await project.applyAndSettle(version: 1)
                let url = "http://docker/v1.41/volumes/prune"
                let socket = project.socket
                let pruned = try await Command(
                    "/usr/bin/curl", ["-fsS", "-X", "POST", "--unix-socket", socket, url]
                ).run()
                #expect(pruned.status == 0 && !pruned.output.contains(project.name), "\(pruned.output)")
                let before = try await project.containers().compactMap(\.State?.StartedAt)
                try await TestFleet.current.manage("restart", project.host)
                try await project.applyAndSettle(version: 1)
                // Podman's containers do not end with its service.
                let areSame = try await project.containers().compactMap(\.State?.StartedAt) == before
                try await expectOutput(project, version: 1, run: areSame ? 1 : 2)
            }
        }

        /// The engine sees what it sees of a real `kill -9`: the process of the test itself is killed.
        @Test func `a process that is killed at any call leaves nothing that starts without its files`() async throws {
            try await FileProject.onEveryEngine { project in
                try await project.applyAndSettle(version: 0)
                let count = try await Self.countedCalls(project, version: 1)
                #expect(count > 12)
                for call in 1...count {
                    for moment in EngineProxy.Moment.allCases {
                        let version = call * 2 + (moment == .beforeCall ? 0 : 1)
                        let (name, host, isBefore) = (project.name, project.host, moment == .beforeCall)
                        await #expect(processExitsWith: .signal(SIGKILL)) {
                            [
                                name = name as String, host = host as String, version = version as Int,
                                call = call as Int,
                                isBefore = isBefore as Bool
                            ] in
                            try await FileTests.applyKilled(name, host, version: version, at: call, isBefore)
                        }
                        let comment: Comment = "killed \(moment) \(call)"
                        _ = try? await project.apply(version: version)
                        try await project.applyAndSettle(version: version, comment)
                        try await expectOutput(project, version: version, run: 1, comment)
                        #expect(try await project.containers().count == 2, comment)
                        let (there, used) = (try await project.volumes(), try await project.usedVolumes())
                        #expect(Set(there) == used, comment)
                    }
                }
            }
        }

        private static func countedCalls(_ project: FileProject, version: Int) async throws -> Int {
            try await EngineProxy.with(socket: project.socket) { proxy, path in
                var project = project
                project.socket = path
                let outcome = try await project.apply(version: version)
                #expect(outcome == .done)
                return proxy.mutatingCalls
            }
        }

        fileprivate static func applyKilled(
            _ name: String, _ host: String, version: Int, at call: Int, _ isBefore: Bool
        ) async throws {
            var project = try await FileProject(name: name, host: host)
            let socket = project.socket
            let die = { @Sendable in _ = kill(getpid(), SIGKILL) }
            let moment: EngineProxy.Moment = isBefore ? .beforeCall : .beforeReply
            try await EngineProxy.with(socket: socket, target: call, moment: moment, act: die) { _, path in
                project.socket = path
                _ = try await project.apply(version: version)
            }
        }
    }
}

extension String {
    /// Whether it is this line of `ls -ln`.
    fileprivate func isListed(_ mode: String, _ user: String, _ group: String, _ path: String) -> Bool {
        let words = split(separator: " ")
        return words.count > 4 && words[0] == mode && words[2] == user && words[3] == group && hasSuffix(" \(path)")
    }
}
