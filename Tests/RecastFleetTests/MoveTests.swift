import DockerAPI
import Foundation
import RecastTesting
import Synchronization
import Testing

extension FleetTests {
    /// A service that writes without a pause goes from host to host with its volume.
    @Suite(.serialized) struct MoveTests {
        /// Appends the number of the line; a second writer on the volume would write some of them twice.
        private static let writer =
            "trap 'exit 0' TERM; i=$$(wc -l 2>/dev/null </data/log || echo 0);"
            + " while :; do i=$$((i+1)); echo $$i >>/data/log; sleep 0.02; done"

        private static func services(on host: String) -> String {
            """
              db:
                image: ${REGISTRY}/shop/base:1
                command: ["sh", "-c", "\(writer)"]
                volumes: ["data:/data"]
                stop_grace_period: 5s
                deploy: { placement: { constraints: [node.hostname == \(host)] }, update_config: { monitor: 0s } }
            """
        }

        private func place(_ project: TestProject, on host: String) throws {
            try project.write(services: Self.services(on: host), rest: "volumes: { data: }")
        }

        /// The lines that are written, which must be 1, 2, 3 and so on.
        private func written(_ project: TestProject, on host: String) async throws -> Int {
            let running = try await project.running(on: host)
            let id = try #require(running.first?.Id)
            let log = try await Command(
                "/usr/bin/docker", ["-H", "unix://\(project.fleet.socket(host))", "exec", id, "cat", "/data/log"]
            ).run()
            let lines = log.output.split(separator: "\n").compactMap { Int($0) }
            #expect(lines == Array(1...max(lines.count, 1)), "\(lines.count) lines, the last \(lines.last ?? 0)")
            return lines.count
        }

        /// Times that no engine sets, and names that are no text.
        private func addOddFiles(_ project: TestProject, on host: String) async throws {
            let id = try #require(try await project.running(on: host).first?.Id)
            let script =
                #"cd /data; touch -d @-5 old; touch -d @9999999999 late; touch "$(printf 'a\377b')" 'a\xffb' && ls | wc -l"#
            let made = try await Command(
                "/usr/bin/docker", ["-H", "unix://\(project.fleet.socket(host))", "exec", id, "sh", "-c", script]
            ).run()
            #expect(made.output == "5\n", "\(made.errors)")
        }

        private func removeMoved(_ project: TestProject, from host: String) async throws {
            let volume = "test-\(project.name)_data"
            let removed = try await project.recast(
                "volume", "remove", "test", volume, "--host", host, "--confirm", volume)
            try #require(removed.status == 0, "\(removed.errors)")
            let left = try await project.fleet.withEngine(host) { try await $0.reader.volumes().map(\.Name) }
            #expect(!left.contains { $0.hasPrefix(volume) }, "\(left)")
        }

        @Test func `a service moves with what it wrote, and back`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                try await addOddFiles(project, on: "h1")
                for (source, target) in [("h1", "h2"), ("h2", "h1")] {
                    try place(project, on: target)
                    let before = try await written(project, on: source)
                    let refused = try await project.recast("apply", "test", "--yes")
                    #expect(refused.status == 3 && refused.output.contains("recast move"), "\(refused.output)")
                    let moved = try await project.recast("move", "test", "db", "--to", target, "--yes")
                    #expect(moved.status == 0, "\(moved.output)\(moved.errors)")
                    #expect(moved.errors.contains("db: away"), "\(moved.errors)")
                    #expect(try await written(project, on: target) >= before)
                    #expect(try await project.containers(on: source).isEmpty)
                    try await project.applyAndSettle()
                    // On its old host it is of no use any more, and nothing starts there.
                    try place(project, on: source)
                    let back = try await project.recast("apply", "test", "--yes")
                    #expect(back.status == 3 && back.output.contains("its data went to \(target)"), "\(back.output)")
                    try place(project, on: target)
                    try await removeMoved(project, from: source)
                    try await project.expectNoChanges()
                }
            }
        }

        @Test func `a move that fails runs again where it was`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                let broken = Self.services(on: "h2")
                    .replacing("trap", with: "test ! -e /data/log || exit 7; trap")
                    .replacing("monitor: 0s", with: "monitor: 5s")
                try project.write(services: broken, rest: "volumes: { data: }")
                let moved = try await project.recast("move", "test", "db", "--to", "h2", "--yes")
                // The network that was made stands.
                #expect(moved.status == 4, "\(moved.output)\(moved.errors)")
                let before = try await written(project, on: "h1")
                #expect(try await project.containers(on: "h2").isEmpty)
                // A container ran with the copy, so that is kept until somebody names it.
                #expect(moved.errors.contains("what was written here meanwhile is kept"), "\(moved.errors)")
                try place(project, on: "h2")
                let again = try await project.recast("move", "test", "db", "--to", "h2", "--yes")
                #expect(again.status == 3 && again.output.contains("recast volume remove"), "\(again.output)")
                let saved = try await project.recast("backup", "test", "db", "data", "\(project.folder)/left.tar.zst")
                #expect(saved.status == 0, "\(saved.errors)")
                try await removeMoved(project, from: "h2")
                try place(project, on: "h1")
                try await project.applyAndSettle()
                #expect(try await written(project, on: "h1") >= before)
            }
        }

        /// Starts containers again, as somebody might who knows nothing of the move.
        private func start(_ containers: [String], socket: String) {
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                _ = try? await Command("/usr/bin/docker", ["-H", "unix://\(socket)", "start"] + containers).run()
                done.signal()
            }
            done.wait()
        }

        @Test(.timeLimit(.minutes(5)))
        func `what is started on the old host while its volume is copied makes the move fail`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                let old = try await project.containers(on: "h1").map(\.Id)
                let socket = project.fleet.socket("h1")
                // The source stopped before, and the record follows; the second time the network is there.
                for time in 1...2 {
                    let copy = project
                    let moved = try await EngineProxy.with(
                        socket: project.fleet.socket("h2"), target: 7, act: { start(old, socket: socket) }
                    ) { _, path in
                        var project = copy
                        project.sockets["h2"] = path
                        try place(project, on: "h2")
                        return try await project.recast("move", "test", "db", "--to", "h2", "--yes")
                    }
                    #expect(moved.status != 0 && moved.errors.contains("with volume"), "\(time): \(moved.errors)")
                    _ = try await written(project, on: "h1")
                    #expect(try await project.containers(on: "h2").isEmpty, "\(time)")
                }
                try place(project, on: "h2")
                let moved = try await project.recast("move", "test", "db", "--to", "h2", "--yes")
                #expect(moved.status == 0, "\(moved.output)")
                _ = try await written(project, on: "h2")
            }
        }

        /// Engines before 23 take every volume that no container has; the records are among them.
        @Test func `a pruned record costs neither the data nor the way on`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                try place(project, on: "h2")
                let moved = try await project.recast("move", "test", "db", "--to", "h2", "--yes")
                #expect(moved.status == 0, "\(moved.errors)")
                let volume = "test-\(project.name)_data"
                try await project.fleet.withEngine("h2") { engine in
                    for name in try await engine.reader.volumes().map(\.Name) where name.hasPrefix(volume + ".complete")
                    {
                        try await engine.removeVolume(name)
                    }
                }
                // The record on the old host goes with its volume, so the new one gets its own again.
                try await removeMoved(project, from: "h1")
                let records = try await project.fleet.withEngine("h2") { try await $0.reader.volumes().map(\.Name) }
                #expect(records.contains { $0.hasPrefix(volume + ".complete") }, "\(records)")
                try await project.applyAndSettle()
            }
        }

        @Test func `another volume of that name is neither gone on with nor adopted`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                let volume = "test-\(project.name)_data"
                try await project.fleet.withEngine("h2") { _ = try await $0.createVolume(Volume(Name: volume)) }
                try place(project, on: "h2")
                let adopted = try await project.recast("volume", "adopt", "test", volume)
                #expect(adopted.status == 3 && adopted.errors.contains("is on h1, too"), "\(adopted.errors)")
                let applied = try await project.recast("apply", "test", "--yes")
                #expect(applied.status == 3 && applied.output.contains(volume), "\(applied.output)")
                _ = try await written(project, on: "h1")
                try await project.fleet.withEngine("h2") { try await $0.removeVolume(volume) }
            }
        }

        /// Going back by hand begins on what was left; the way on takes that away first.
        @Test func `data of another time is taken away by name, and the newer moves in`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                let volume = "test-\(project.name)_data"
                try place(project, on: "h1")
                try await project.applyAndSettle()
                try place(project, on: "h2")
                let begun = try await project.recast("apply", "test", "--yes", "--accept", "new-volume:\(volume)")
                #expect(begun.status == 0, "\(begun.output)\(begun.errors)")
                try place(project, on: "h1")
                let refused = try await project.recast("move", "test", "db", "--to", "h1", "--yes")
                #expect(refused.status == 3 && refused.output.contains("--accept other-volume"), "\(refused.output)")
                try await removeMoved(project, from: "h1")
                let moved = try await project.recast("move", "test", "db", "--to", "h1", "--yes")
                #expect(moved.status == 0, "\(moved.output)\(moved.errors)")
                _ = try await written(project, on: "h1")
            }
        }

        /// A `second` that is to fail is watched for longer than it takes to end.
        private func share(
            _ project: TestProject, on host: String, second: String = "exec sleep 1000", monitor: String = "0s"
        ) throws {
            let service = { (name: String, script: String) in
                """
                  \(name):
                    image: ${REGISTRY}/shop/base:1
                    command: ["sh", "-c", "echo \(name) >>/data/\(name); \(script)"]
                    init: true
                    volumes: ["data:/data"]
                    stop_grace_period: 1s
                    deploy: { placement: { constraints: [node.hostname == \(host)] }, update_config: { monitor: \(monitor) } }
                """
            }
            try project.write(
                services: service("one", "exec sleep 1000") + "\n" + service("two", second),
                rest: "volumes: { data: { x-recast: { shared: true } } }")
        }

        @Test func `services that share a volume go together, and back together`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try share(project, on: "h1")
                try await project.applyAndSettle()
                try share(project, on: "h2", second: "exit 7", monitor: "5s")
                let failed = try await project.recast("move", "test", "one", "--to", "h2", "--yes")
                #expect(failed.status == 4, "\(failed.output)\(failed.errors)")
                #expect(try await project.running(on: "h1").count == 2, "\(failed.errors)")
                #expect(try await project.containers(on: "h2").isEmpty, "\(failed.errors)")
                try share(project, on: "h2")
                try await removeMoved(project, from: "h2")
                let moved = try await project.recast("move", "test", "one", "--to", "h2", "--yes")
                #expect(moved.status == 0, "\(moved.output)\(moved.errors)")
                #expect(try await project.running(on: "h2").count == 2)
                #expect(try await project.running(on: "h1").isEmpty)
                try await project.applyAndSettle()
            }
        }

        @Test func `what a killed move left is no obstacle for a later one`() async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                // The copy is being filled; then somebody changes their mind.
                _ = try await moveKilled(&project, through: "h2", to: "h2", at: 7)
                try place(project, on: "h1")
                try await project.applyAndSettle()
                for host in ["h3", "h2"] {
                    try place(project, on: host)
                    let moved = try await project.recast("move", "test", "db", "--to", host, "--yes")
                    #expect(moved.status == 0, "\(host): \(moved.output)\(moved.errors)")
                }
                _ = try await written(project, on: "h2")
            }
        }

        @Test func `a move that is interrupted runs again where it was`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                let process = Mutex<Int32>(0)
                let interrupts = { @Sendable in process.withLock { if $0 > 0 { _ = kill($0, SIGINT) } } }
                let copy = project
                // The container on the new host is made, and the old one runs.
                let moved = try await EngineProxy.with(
                    socket: project.fleet.socket("h2"), target: 5, act: interrupts
                ) { _, path in
                    var project = copy
                    project.sockets["h2"] = path
                    try place(project, on: "h2")
                    return try await project.recast("move", "test", "db", "--to", "h2", "--yes") { pid in
                        process.withLock { $0 = pid }
                    }
                }
                #expect(moved.status == 130, "\(moved.output)\(moved.errors)")
                _ = try await written(project, on: "h1")
                #expect(try await project.containers(on: "h2").isEmpty)
            }
        }

        /// What clients wrote on the new host by then stays.
        @Test func `a move that is interrupted while the service gets ready goes on with the next apply`() async throws
        {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try place(project, on: "h1")
                try await project.applyAndSettle()
                let slow = "    x-recast: { ready: { exec: \"sleep 3\", timeout: 20s } }\n"
                try project.write(services: Self.services(on: "h2") + "\n" + slow, rest: "volumes: { data: }")
                let process = Mutex<Int32>(0)
                let copy = project
                async let moving = copy.recast("move", "test", "db", "--to", "h2", "--yes") { pid in
                    process.withLock { $0 = pid }
                }
                while try await project.running(on: "h2").isEmpty { try await Task.sleep(for: .milliseconds(20)) }
                try await Task.sleep(for: .milliseconds(500))
                let before = try await written(project, on: "h2")
                process.withLock { _ = kill($0, SIGINT) }
                let moved = try await moving
                #expect(moved.status == 130, "\(moved.output)\(moved.errors)")
                #expect(try await project.running(on: "h1").isEmpty, "\(moved.errors)")
                #expect(try await written(project, on: "h2") >= before, "\(moved.errors)")
                try await project.applyAndSettle()
                #expect(try await project.running(on: "h1").isEmpty)
            }
        }

        /// Moves through a proxy that kills the process at a call to one of the two hosts.
        ///
        /// - Returns: whether it came to that call.
        private func moveKilled(
            _ project: inout TestProject, through host: String, to target: String, at call: Int
        ) async throws -> Bool {
            let process = Mutex<Int32>(0)
            let kills = { @Sendable in process.withLock { if $0 > 0 { _ = kill($0, SIGKILL) } } }
            let copy = project
            let socket = project.fleet.socket(host)
            let calls = try await EngineProxy.with(socket: socket, target: call, moment: .beforeReply, act: kills) {
                proxy, path in
                var project = copy
                project.sockets[host] = path
                try place(project, on: target)
                _ = try await project.recast("move", "test", "db", "--to", target, "--yes") { pid in
                    process.withLock { $0 = pid }
                }
                return proxy.mutatingCalls
            }
            try place(project, on: target)
            return calls >= call
        }

        @Test(.timeLimit(.minutes(10)), arguments: [true, false])
        func `wherever a move is killed, the data is on one host, and the next one finishes`(
            onSource: Bool
        ) async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                var (source, target) = ("h1", "h2")
                try place(project, on: source)
                try await project.applyAndSettle()
                var call = 1
                while true {
                    let before = try await written(project, on: source)
                    let wasKilled = try await moveKilled(
                        &project, through: onSource ? source : target, to: target, at: call)
                    // What was under way in the engine when the process died may still end.
                    try await Task.sleep(for: .milliseconds(300))
                    let up = try await project.running(on: source).count + project.running(on: target).count
                    #expect(up <= 1, "two writers, killed at call \(call)")
                    // Only one that came as far as both records is an apply like any other.
                    let applied = try await project.recast("apply", "test", "--yes")
                    #expect([0, 3].contains(applied.status), "killed at \(call): \(applied.output)\(applied.errors)")
                    let moved = try await project.recast("move", "test", "db", "--to", target, "--yes")
                    #expect(moved.status == 0, "killed at call \(call): \(moved.output)\(moved.errors)")
                    #expect(try await written(project, on: target) >= before, "killed at call \(call)")
                    #expect(try await project.running(on: source).isEmpty)
                    if !wasKilled { break }
                    try await removeMoved(project, from: source)
                    (source, target) = (target, source)
                    call += 1
                }
                #expect(call > (onSource ? 4 : 6), "only \(call - 1) calls were met")
            }
        }
    }
}
