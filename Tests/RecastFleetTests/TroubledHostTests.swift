import DockerAPI
import Foundation
import RecastHosts
import RecastModel
import RecastTesting
import Testing

extension FleetTests {
    /// A full disk, an engine that is killed while it writes, and a clock that is wrong.
    @Suite(.serialized) struct TroubledHostTests {
        // MARK: A full disk

        /// Leaves no room for another volume.
        private func fill(_ project: TestProject) async throws {
            let mount = "mount -t tmpfs -o size=4k,nr_inodes=1 full /var/lib/docker/volumes"
            try await project.fleet.manage("enter", "h1", "sh", "-c", mount)
        }

        private func empty(_ project: TestProject) async throws {
            try await project.fleet.manage("enter", "h1", "umount", "/var/lib/docker/volumes")
        }

        @Test func `where no lease fits on the disk nothing is changed, unless somebody says why`() async throws {
            try await TestProject.with { project in
                try project.write(web: "web:1")
                try await project.applyAndSettle()
                let before = try await project.running().map(\.Id)
                try project.write(web: "web:2")
                try await fill(project)
                let refused = try await project.recast("apply", "test", "--yes")
                let unchanged = try await project.running().map(\.Id)
                let reason = "to free the disk"
                let forced = try await project.recast("apply", "test", "--yes", "--no-lease", "--reason", reason)
                let after = try await project.running().map(\.Id)
                try await empty(project)
                #expect(refused.status != 0 && unchanged == before, "\(refused.output)\(refused.errors)")
                #expect(refused.errors.contains("no space left on device"), "\(refused.output)\(refused.errors)")
                #expect(refused.errors.contains("--no-lease"), "\(refused.output)\(refused.errors)")
                #expect(forced.status == 0 && after != before, "\(forced.output)\(forced.errors)")
                #expect(forced.errors.contains("h1 does not record this release"), "\(forced.output)\(forced.errors)")
                try await project.expectNoChanges()
                #expect(try await project.recast("lease", "test").status == 0)
            }
        }

        // MARK: A killed engine

        private static func record(_ number: Int) -> ReleaseRecord {
            ReleaseRecord(
                number: number, name: "r\(number)", origin: ReleaseOrigin(actor: "ana", toolVersion: "test"), began: 1,
                outcome: .done, services: [:])
        }

        /// The names of records whose writing was acknowledged.
        private actor Acknowledged {
            private(set) var names: [String] = []

            func add(_ name: String) { names.append(name) }
        }

        @Test func `what an engine acknowledged is there after it was killed`() async throws {
            try await TestProject.with { project in
                let application = ApplicationName(project.name)
                let kept = Acknowledged()
                for round in 1...3 {
                    let fleet = project.fleet
                    async let writes: Void = fleet.withEngine("h1") { engine in
                        let ledger = HostLedger(engine, environment: "test", application: application)
                        for number in 1...10_000 {
                            let record = Self.record(round * 10_000 + number)
                            // It ends when the engine does.
                            guard (try? await ledger.write { _ in record }) != nil else { return }
                            await kept.add(record.name)
                        }
                    }
                    try await Task.sleep(for: .milliseconds(700))
                    try await fleet.manage("break", "h1", "daemon")
                    try await writes
                    try await fleet.manage("heal", "h1")
                    try await fleet.withEngine("h1") { engine in
                        let ledger = HostLedger(engine, environment: "test", application: application)
                        let found = try await ledger.records().map(\.name)
                        // It keeps the newest, and takes older ones away as it writes.
                        let names = await kept.names
                        #expect(names.count > 5, "round \(round)")
                        #expect(Set(names.suffix(100)).isSubset(of: found), "round \(round)")
                        let next = Self.record(round * 10_000 + 9_999)
                        #expect(try await ledger.write { _ in next } == next)
                    }
                }
            }
        }

        // MARK: A wrong clock

        @Test(arguments: ["+1d", "-1d"])
        func `the clock of whoever deploys decides nothing`(shift: String) async throws {
            try await TestProject.with { project in
                let libraries = try await Command("/bin/sh", ["-c", "ls /usr/lib/*/faketime/libfaketime.so.1"]).run()
                let library = libraries.output.trimmingCharacters(in: .whitespacesAndNewlines)
                let wrong = ["LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_FAKE_MONOTONIC": "1"]
                let date = try await Command("/usr/bin/date", ["+%F"], environment: wrong).run()
                let today = try await Command("/usr/bin/date", ["+%F"]).run().output
                try #require(date.status == 0 && date.output != today, "faketime does not work: \(date.errors)")
                try project.write(web: "web:1")
                let applied = try await project.recast("apply", "test", "--yes", environment: wrong)
                #expect(applied.status == 0, "\(applied.output)\(applied.errors)")
                try project.write(web: "web:2")
                let second = try await project.recast("apply", "test", "--yes", environment: wrong)
                #expect(second.status == 0, "\(second.output)\(second.errors)")
                try await project.expectNoChanges()
                let history = try await project.recast("history", "test", environment: wrong)
                let day = today.trimmingCharacters(in: .whitespacesAndNewlines)
                #expect(history.output.components(separatedBy: day).count == 3, "\(history.output)\(history.errors)")
                try await respects(project, wrong)
            }
        }

        /// A lease of another machine holds as long as its host says.
        private func respects(_ project: TestProject, _ wrong: [String: String]) async throws {
            let application = ApplicationName(project.name)
            try await project.fleet.withEngine("h1") { engine in
                let leases = HostLeases(engine, environment: "test", application: application)
                let log = try await leases.log()
                let lease = Lease(id: "0123456789abcdef", holder: "ben@elsewhere", operation: "apply")
                let record = LeaseRecord(
                    .acquire, lease, since: log.clock, written: log.clock, lasts: 600, nonce: "n")
                try #require(try await leases.append(record, to: log))
                try project.write(web: "web:1")
                let refused = try await project.recast("apply", "test", "--yes", environment: wrong)
                #expect(
                    refused.status == 3 && refused.errors.contains("ben@elsewhere"),
                    "\(refused.output)\(refused.errors)")
            }
        }
    }
}
