import DockerAPI
import Foundation
import RecastTesting
import Synchronization
import Testing

/// A real database under writes that are numbered, and what tells whether it is whole.
struct Database: Sendable, CustomTestStringConvertible {
    let image: String
    let port: Int
    /// Where it keeps its data; the volume is the folder above.
    let folder: String
    let environment: String
    let command: String
    /// Fails unless number `$n` was written for good by one of the hosts of `$hosts`.
    let write: String
    /// Prints the numbers that are there, a line each.
    let read: String
    /// Fails unless all files are whole; runs in the database's container.
    let check: String

    var testDescription: String { image }

    static let postgres = Database(
        image: "postgres:15", port: 5432, folder: "/var/lib/postgresql/main",
        environment: "POSTGRES_HOST_AUTH_METHOD: trust, PGDATA: /var/lib/postgresql/main",
        command: "exec docker-entrypoint.sh postgres",
        write: "psql -qAt \"host=$$hosts user=postgres dbname=postgres connect_timeout=2\""
            + " -c 'create table if not exists log (n int primary key)'"
            + " -c \"insert into log values ($$n) on conflict do nothing\"",
        read: "psql -qAt -U postgres -c 'select n from log order by n'",
        check: "pg_amcheck -U postgres --all --install-missing --heapallindexed")

    static let redis = Database(
        image: "redis:7.0", port: 6379, folder: "/store/data", environment: "NAME: redis",
        command: "mkdir -p /store/data; chown redis: /store/data; cd /store/data;"
            + " exec docker-entrypoint.sh redis-server --appendonly yes --appendfsync always",
        write:
            "(for h in $$(echo $$hosts | tr , ' '); do timeout 2 redis-cli -e -h $$h rpush log $$n && exit 0; done; exit 1)",
        read: "redis-cli lrange log 0 -1",
        check: "redis-check-aof /store/data/appendonlydir/appendonly.aof.manifest")

    private var volume: String { folder.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } }

    /// The database on a host, which sees to it that it is alone with its volume, and its client on another.
    func services(on host: String, version: Int, client: String, hosts: [String]) -> String {
        let alone =
            "echo $$HOSTNAME >\(volume)/owner; (while sleep 0.1; do [ $$(cat \(volume)/owner) = $$HOSTNAME ]"
            + " || touch \(volume)/two-writers; done) & "
        let loop =
            "hosts=\(hosts.joined(separator: ",")); n=1; while :; do if \(write) >/dev/null 2>&1;"
            + " then echo ack $$n; n=$$((n+1)); fi; sleep 0.02; done"
        return """
              db:
                image: ${REGISTRY}/\(image)
                entrypoint: ["sh", "-c"]
                command:
                  - |
                    \(alone)\(command)
                environment: { VERSION: "\(version)", \(environment) }
                volumes: ["data:\(volume)"]
                ports: ["\(port):\(port)"]
                restart: always
                stop_signal: SIGINT
                deploy: { placement: { constraints: [node.hostname == \(host)] }, update_config: { monitor: 0s } }
                x-recast: { ready: { tcp: \(port), timeout: 30s }, backup: { when: before-replace, folder: ../saved, keep: 2 } }
              client:
                image: ${REGISTRY}/\(image)
                entrypoint: ["sh", "-c"]
                command:
                  - |
                    \(loop)
                init: true
                stop_grace_period: 1s
                healthcheck: { disable: true }
                deploy: { placement: { constraints: [node.hostname == \(client)] }, update_config: { monitor: 0s } }
            """
    }
}

extension FleetTests {
    /// Databases that are written to all the while: whatever was acknowledged stays.
    @Suite(.serialized) struct DatabaseTests {
        private func place(_ database: Database, _ project: TestProject, on host: String, version: Int) throws {
            try project.write(
                services: database.services(
                    on: host, version: version, client: "h3", hosts: ["h1", "h2"].map(project.fleet.address)),
                rest: "volumes: { data: }")
        }

        private func docker(_ project: TestProject, _ host: String, _ arguments: [String]) async throws -> Command.Ended
        {
            try await Command("/usr/bin/docker", ["-H", "unix://\(project.fleet.socket(host))"] + arguments).run()
        }

        private func acknowledged(_ project: TestProject) async throws -> [Int] {
            let client = try #require(try await project.containers(on: "h3").first?.Id)
            let log = try await docker(project, "h3", ["logs", client])
            return log.output.split(separator: "\n").compactMap { Int($0.dropFirst(4)) }
        }

        /// Waits until more was acknowledged.
        private func expectWrites(_ project: TestProject, _ comment: Comment) async throws {
            let before = try await acknowledged(project).count
            for _ in 0..<300 {
                if try await acknowledged(project).count >= before + 5 { return }
                try await Task.sleep(for: .milliseconds(100))
            }
            Issue.record("nothing is written any more: \(comment)")
        }

        /// Kills what runs the arguments at a call to a host that changes something.
        private func recastKilled(
            _ database: Database, _ project: TestProject, at call: Int, of host: String, placed: String, version: Int,
            _ arguments: [String]
        ) async throws {
            let process = Mutex<Int32>(0)
            let kills = { @Sendable in process.withLock { if $0 > 0 { _ = kill($0, SIGKILL) } } }
            try await EngineProxy.with(
                socket: project.fleet.socket(host), target: call, moment: .beforeReply, act: kills
            ) { _, path in
                var copy = project
                copy.sockets[host] = path
                try place(database, copy, on: placed, version: version)
                _ = try await Command(project.fleet.binary, arguments, in: project.folder).run { pid in
                    process.withLock { $0 = pid }
                }
            }
            try place(database, project, on: placed, version: version)
        }

        private func must(_ project: TestProject, _ arguments: String...) async throws {
            let ended = try await Command(project.fleet.binary, arguments, in: project.folder).run()
            try #require(ended.status == 0, "\(arguments): \(ended.output)\(ended.errors)")
        }

        private func expectWhole(_ database: Database, _ project: TestProject, on host: String) async throws {
            let id = try #require(try await project.running(on: host).first { $0.Name.contains("-db-") }?.Id)
            let acknowledged = try await acknowledged(project)
            let read = try await docker(project, host, ["exec", id, "sh", "-c", database.read])
            let there = Set(read.output.split(separator: "\n").compactMap { Int($0) })
            let lost = Set(acknowledged).subtracting(there)
            #expect(lost.isEmpty, "of \(acknowledged.count): \(lost.sorted()) \(read.errors)")
            let checked = try await docker(project, host, ["exec", id, "sh", "-c", database.check])
            #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
            let alone = try await docker(
                project, host, ["exec", id, "sh", "-c", "! ls \(database.folder)/../two-writers"])
            #expect(alone.status == 0, "two writers")
        }

        @Test(.timeLimit(.minutes(6)), arguments: [Database.postgres, .redis])
        func `nothing that was acknowledged is lost, whatever is done`(database: Database) async throws {
            try await TestProject.with(hosts: ["h1", "h2", "h3"]) { project in
                try place(database, project, on: "h1", version: 1)
                try await project.applyAndSettle()
                try await expectWrites(project, "after the first apply")
                for (version, call) in [(2, 3), (3, 5), (4, 7)] {
                    try await recastKilled(
                        database, project, at: call, of: "h1", placed: "h1", version: version,
                        ["apply", "test", "--yes"])
                    try await must(project, "apply", "test", "--yes")
                    try await expectWrites(project, "after a replacement that was killed at call \(call)")
                }
                try await project.expectNoChanges()
                let saved = try FileManager.default.contentsOfDirectory(atPath: project.folder + "/saved")
                #expect(saved.count == 2 && saved.allSatisfy { $0.hasSuffix("Z.tar.zst") }, "\(saved)")
                for call in [3, 6, 8] {
                    try await recastKilled(
                        database, project, at: call, of: "h2", placed: "h2", version: 4,
                        ["move", "test", "db", "--to", "h2", "--yes"])
                }
                try await must(project, "move", "test", "db", "--to", "h2", "--yes")
                try await expectWrites(project, "after a move")
                // Its network on the old host goes.
                try await project.applyAndSettle()
                try await project.fleet.manage("break", "h2", "daemon")
                try await project.fleet.manage("heal", "h2")
                try await expectWrites(project, "after its engine was killed")
                try await project.fleet.manage("break", "h2", "off")
                try await project.fleet.manage("heal", "h2")
                try await expectWrites(project, "after its host lost power")
                try await must(project, "apply", "test", "--yes")
                try await expectWhole(database, project, on: "h2")
            }
        }
    }
}
