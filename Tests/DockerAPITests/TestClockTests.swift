import RecastTesting
import Testing

@Suite struct TestClockTests {
    private let clock = TestClock()

    @Test func `time moves only when it is told to`() async throws {
        let start = clock.now
        clock.advance(by: .seconds(3))
        #expect(start.duration(to: clock.now) == .seconds(3))
    }

    @Test func `a sleeper wakes when its time has come and not before`() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { [clock] in
                try await clock.sleep(for: .seconds(2))
                return 2
            }
            group.addTask { [clock] in
                try await clock.sleep(for: .seconds(1))
                return 1
            }
            try await clock.waitForSleepers(2)
            clock.advance(by: .milliseconds(999))
            #expect(clock.sleeperCount == 2)
            clock.advance(by: .milliseconds(1))
            #expect(clock.sleeperCount == 1)
            #expect(try await group.next() == 1)
            clock.advance(by: .seconds(1))
            #expect(try await group.next() == 2)
        }
    }

    @Test func `a deadline in the past does not wait`() async throws {
        try await clock.sleep(until: clock.now, tolerance: nil)
        try await clock.sleep(for: .seconds(-1))
        #expect(clock.sleeperCount == 0)
    }

    @Test func `cancellation wakes a sleeper`() async throws {
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { [clock] in try await clock.sleep(for: .seconds(1)) }
                try await clock.waitForSleepers()
                group.cancelAll()
                try await group.next()
            }
        }
        #expect(clock.sleeperCount == 0)
    }

    @Test func `what is cancelled before it sleeps never sleeps`() async throws {
        await withTaskGroup(of: Bool.self) { group in
            group.cancelAll()
            group.addTask { [clock] in
                do { try await clock.sleep(for: .seconds(1)) } catch { return error is CancellationError }
                return false
            }
            #expect(await group.next() == true)
        }
    }
}
