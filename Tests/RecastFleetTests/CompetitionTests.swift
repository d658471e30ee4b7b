import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Testing

@testable import RecastOperations

extension FleetTests {
    /// Many who want the same hosts at once.
    @Suite(.serialized) struct CompetitionTests {
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
                    for round in 1...100 {
                        let holders = try await compete(50, for: leases)
                        #expect(holders.count <= 1, "round \(round): \(holders)")
                        guard let holder = holders.first else { continue }
                        held += 1
                        let log = try await leases.log()
                        #expect(try await leases.append(Self.record(.release, holder, log.clock), to: log))
                        try await leases.compact()
                        #expect(try await leases.log().records.count <= 2)
                    }
                    #expect(held > 50)
                }
            }
        }

        /// Who works on which host.
        private actor Occupancy {
            private var workers: [HostName: Int] = [:]
            private(set) var worked = 0
            private(set) var overlaps = 0

            func enter(_ hosts: Set<HostName>) {
                worked += 1
                for host in hosts {
                    overlaps += workers[host, default: 0]
                    workers[host, default: 0] += 1
                }
            }

            func leave(_ hosts: Set<HostName>) { for host in hosts { workers[host, default: 0] -= 1 } }
        }

        private static let hosts: [HostName] = ["h1", "h2", "h3"]

        /// Nothing, on all hosts.
        private static func desired(_ project: TestProject) -> Desired {
            Desired(
                environment: "test", application: ApplicationName(project.name),
                hosts: hosts.map {
                    HostDefinition(
                        name: $0, engine: "unix://\(project.fleet.socket($0.text))", position: Scenario.nowhere)
                },
                instances: [], networks: [], volumes: [])
        }

        /// A list, a volume, and a list again on each host, one after the other.
        private static func callBare(_ fleet: Fleet, _ project: TestProject, _ round: Int) async throws {
            for reader in fleet.readers.sorted(by: { $0.key < $1.key }).map(\.value) {
                let pattern = "^bare-\(project.name)"
                _ = try await reader.volumes(matching: pattern)
                var volume = Volume(Name: "bare-\(project.name)-\(round)")
                volume.Labels = ["io.recast.application": project.name]
                _ = try await EngineClient(reader).createVolume(volume)
                _ = try await reader.volumes(matching: pattern)
            }
        }

        @Test func `a lease on three hosts takes little more than its calls`() async throws {
            try await TestProject.with(hosts: Self.hosts.map(\.text)) { project in
                let operations = Operations(
                    Self.desired(project), toolVersion: "test", leasing: .lease(holder: "ana@here", patience: .zero))
                let project = project
                var (leases, bare): ([Duration], [Duration]) = ([], [])
                try await operations.withFleet { fleet in
                    for round in 1...21 {
                        let start = ContinuousClock.now
                        let held = try await operations.withLease(for: "apply", on: Set(Self.hosts), of: fleet) { _ in
                            ContinuousClock.now
                        }
                        leases.append(held - start)
                        bare.append(
                            try await ContinuousClock().measure { try await Self.callBare(fleet, project, round) })
                    }
                }
                let (lease, calls) = (leases.sorted()[10], bare.sorted()[10])
                print("a lease on three hosts: \(lease), its calls alone: \(calls)")
                #expect(lease < calls * 2)
            }
        }

        @Test func `whoever has some of three hosts has all that they asked for, and nobody else any of them`()
            async throws
        {
            let hosts = Self.hosts
            try await TestProject.with(hosts: hosts.map(\.text)) { project in
                let desired = Self.desired(project)
                let occupancy = Occupancy()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 1...10 {
                        group.addTask {
                            var random = SeededGenerator(seed: UInt64(number))
                            let operations = Operations(
                                desired, toolVersion: "test",
                                leasing: .lease(holder: "ana@\(number)", patience: .seconds(60)))
                            for _ in 1...6 {
                                let count = Int.random(in: 1...3, using: &random)
                                let wanted = Set(hosts.shuffled(using: &random).prefix(count))
                                try await operations.withFleet { fleet in
                                    try await operations.withLease(for: "apply", on: wanted, of: fleet) { _ in
                                        await occupancy.enter(wanted)
                                        try await Task.sleep(for: .milliseconds(5))
                                        await occupancy.leave(wanted)
                                    }
                                }
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                #expect(await occupancy.worked == 60)
                #expect(await occupancy.overlaps == 0)
            }
        }
    }
}
