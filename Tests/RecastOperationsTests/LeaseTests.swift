import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Testing

@testable import RecastOperations

/// One of many gets the right to change a host.
@Suite struct LeaseTests {
    private func with(_ body: @Sendable (HostLeases) async throws -> Void) async throws {
        try await withSimulatedEngine { engine in
            try await EngineNetwork.withNetwork { network in
                let client = EngineClient(try await .connect(to: .unix(path: engine.path), over: network))
                try await body(HostLeases(client, environment: "test", application: "shop"))
            }
        }
    }

    private func record(
        _ kind: LeaseRecord.Kind, _ lease: Lease, now: Int64, lasts: Int64 = 60
    ) -> LeaseRecord {
        LeaseRecord(kind, lease, since: now, written: now, lasts: lasts, nonce: "\(UInt64.random(in: 0 ... .max))")
    }

    private func lease(_ number: Int) -> Lease {
        Lease(id: "\(number)", holder: "ana@\(number)", operation: "apply")
    }

    @Test func `an entry is read as it was written`() async throws {
        try await with { leases in
            #expect(try await leases.log().state == .free)
            let log = try await leases.log()
            let record = record(.acquire, lease(1), now: log.clock)
            #expect(try await leases.append(record, to: log))
            #expect(try await leases.log().state == .held(record))
            let later = try await leases.log()
            #expect(try await leases.append(self.record(.release, lease(1), now: log.clock), to: later))
            #expect(try await leases.log().state == .free)
        }
    }

    @Test func `what is read of the past is not written to`() async throws {
        try await with { leases in
            let log = try await leases.log()
            #expect(try await leases.append(record(.acquire, lease(1), now: log.clock), to: log))
            #expect(try await !leases.append(record(.acquire, lease(2), now: log.clock), to: log))
            #expect(try await leases.log().records.count == 1)
        }
    }

    /// - Returns: those who have it.
    private func compete(_ count: Int, for leases: HostLeases) async throws -> [Int] {
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 0..<count {
                group.addTask {
                    let log = try await leases.log()
                    guard log.state == .free else { return nil }
                    let record = record(.acquire, lease(number), now: log.clock)
                    return try await leases.append(record, to: log) ? number : nil
                }
            }
            return try await group.reduce(into: []) { holders, number in
                if let number { holders.append(number) }
            }
        }
    }

    @Test func `one of fifty has it`() async throws {
        try await with { leases in
            var held = 0
            for _ in 0..<10 {
                let holders = try await compete(50, for: leases)
                #expect(holders.count <= 1)
                guard let holder = holders.first else { continue }
                held += 1
                let log = try await leases.log()
                #expect(try await leases.append(record(.release, lease(holder), now: log.clock), to: log))
                try await leases.compact()
                #expect(try await leases.log().records.count <= 2)
            }
            #expect(held > 0)
        }
    }

    @Test(
        arguments: [
            ([:], LeaseLog.State.free), ([1: entry(.acquire)], .held(entry(.acquire))),
            ([1: entry(.acquire), 2: entry(.renew, at: 150)], .held(entry(.renew, at: 150))),
            ([1: entry(.acquire, at: 139)], .expired(entry(.acquire, at: 139))),
            ([1: entry(.acquire, at: 140)], .held(entry(.acquire, at: 140))),
            ([1: entry(.acquire), 2: entry(.release)], .free), ([1: entry(.acquire), 2: entry(.break)], .free),
            ([1: entry(.acquire), 2: nil], .held(entry(.acquire))), ([1: nil], .free),
            ([9: entry(.release), 10: entry(.acquire)], .held(entry(.acquire))),
        ] as [([Int: LeaseRecord?], LeaseLog.State)])
    func `the newest entry that means something counts`(records: [Int: LeaseRecord?], state: LeaseLog.State) {
        #expect(LeaseLog(records, clock: 200).state == state)
    }

    private static func entry(_ kind: LeaseRecord.Kind, at written: Int64 = 180) -> LeaseRecord {
        LeaseRecord(
            kind, Lease(id: "a", holder: "ana@laptop", operation: "apply"), since: 100, written: written, lasts: 60,
            nonce: "\(kind)")
    }

    #if os(Linux)
        @Test func `a process of this machine is gone when its ID is somebody else's or nobody's`() throws {
            let current = try #require(LocalProcess.current)
            let parts = current.text.split(separator: " ").map(String.init)
            #expect(!current.isGone)
            #expect(LocalProcess(current.text) == current)
            let gone = { (place: String, id: String, start: String) in
                LocalProcess("\(place) \(id) \(start)")?.isGone
            }
            #expect(gone(parts[0], parts[1], "1") == true)
            #expect(gone(parts[0], "\(Int32.max)", parts[2]) == true)
            #expect(gone("another/boot", "\(Int32.max)", parts[2]) == false)
            #expect(LocalProcess("no process") == nil)
        }
    #endif
}
