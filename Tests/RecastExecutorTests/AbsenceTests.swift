import RecastModel
import Testing

@testable import RecastExecutor

/// How many instances of a host are away at once.
@Suite struct AbsenceTests {
    private let host: HostName = "a"

    /// Ten instances that may all be replaced at once: the old container stops, then the new one starts.
    private func schedule(perHost: Int = 4) -> Schedule {
        let steps = (1...10).flatMap { slot in
            let address = InstanceAddress("web", slot: slot)
            return [
                Step(
                    id: slot * 2, host: host, action: .stop(container: .name("old-\(slot)"), grace: 10),
                    phase: .containers, instance: address),
                Step(
                    id: slot * 2 + 1, host: host, action: .start(container: .name("new-\(slot)")), phase: .containers,
                    after: [slot * 2], instance: address),
            ]
        }
        return Schedule(steps, limits: Schedule.Limits(perHost: perHost))
    }

    @Test(arguments: [(1, 1), (2, 1), (4, 2), (8, 4)])
    func `half of a host's places are for instances that are away, and those come back first`(
        perHost: Int, most: Int
    ) {
        var schedule = schedule(perHost: perHost)
        var (away, started) = (0, 0)
        var running = schedule.takeReady()
        #expect(running.count == most)
        while !running.isEmpty {
            let step = running.removeFirst()
            away += step.id.isMultiple(of: 2) ? 1 : -1
            started += step.id.isMultiple(of: 2) ? 0 : 1
            #expect(away <= most)
            schedule.succeeded(step)
            running += schedule.takeReady()
        }
        #expect(started == 10)
    }

    @Test func `a stop that takes long holds up nobody`() {
        var schedule = schedule()
        let first = schedule.takeReady()
        for step in first { schedule.lingers(step) }
        let second = schedule.takeReady()
        #expect(second.map(\.id) == [6, 8])
        for step in first { schedule.succeeded(step) }
        #expect(schedule.takeReady().map(\.id) == [3, 5])
    }

    @Test func `one that failed is away no longer`() throws {
        var schedule = schedule()
        schedule.failed(try #require(schedule.takeReady().first))
        #expect(schedule.takeReady().map(\.id) == [6])
    }

    /// A container's stop can wait for another's, as when a port wanders.
    @Test func `stops that wait for one another come to an end`() {
        let units = (1...4).map { InstanceAddress("web", slot: $0) }
        let stops = units.enumerated().map { index, unit in
            Step(
                id: index, host: host, action: .stop(container: .name("old-\(index)"), grace: 10),
                phase: .containers, instance: unit)
        }
        let starts = units.enumerated().map { index, unit in
            Step(
                id: index + 4, host: host, action: .start(container: .name("new-\(index)")), phase: .containers,
                after: [0, 1, 2, 3], instance: unit)
        }
        var schedule = Schedule(stops + starts)
        var done: [Int] = []
        var running = schedule.takeReady()
        while !running.isEmpty {
            for step in running { schedule.succeeded(step) }
            done += running.map(\.id)
            running = schedule.takeReady()
        }
        #expect(done.sorted() == Array(0..<8))
    }
}
