import RecastModel
import RecastPlanner
import RecastTesting
import Testing

@testable import RecastExecutor

/// A join is a shorter way to say what each step waits for, and nothing else.
@Suite struct JoinTests {
    /// The same plan, in which each step names all that it waits for.
    private func spelledOut(_ plan: Plan) -> [Step] {
        plan.steps.map { step in
            let waits = plan.waits(of: step)
            return Step(
                id: step.id, host: step.host, action: step.action, phase: step.phase, after: waits.after.sorted(),
                afterSettled: waits.afterSettled.sorted(), instance: step.instance, undo: step.undo,
                revert: step.revert, unit: step.unit, isRetirement: step.isRetirement)
        }
    }

    private func planned(_ seed: UInt64) throws -> Plan {
        var scenario = Scenario(seed: seed)
        var world = World(hosts: scenario.hosts)
        for step in Planner().plan(scenario.desired(), over: world.observed).steps { try world.apply(step) }
        return Planner().plan(scenario.desired(), over: world.observed)
    }

    /// Steps of three hosts, most of which wait for joins of earlier ones.
    private func madeUp(_ seed: UInt64) -> Plan {
        var generator = SeededGenerator(seed: seed)
        var plan = Plan(environment: "test", application: "app")
        for id in 1...60 {
            let earlier = { (most: Int) in
                (1..<max(id, 2)).shuffled(using: &generator).prefix(
                    id == 1 ? 0 : Int.random(in: 0...most, using: &generator)
                )
                .sorted()
            }
            if id.isMultiple(of: 5) {
                plan.joins.append(
                    Join(id: id / 5, phase: .containers, after: earlier(4) + [id - 1], afterSettled: earlier(2)))
            }
            let joins = plan.joins.map(\.id).filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
            plan.steps.append(
                Step(
                    id: id, host: HostName("h\(id % 3)"), action: .start(container: .name("\(id)")), phase: .containers,
                    after: earlier(1), afterSettled: earlier(1), afterJoins: joins,
                    instance: InstanceAddress("web", slot: (id + 2) / 3)))
        }
        return plan
    }

    /// What a schedule gives out and gives up when steps end in an order and a way that the seed decides.
    private func course(_ schedule: Schedule, seed: UInt64) -> [String] {
        var (schedule, generator) = (schedule, SeededGenerator(seed: seed))
        var (running, succeeded): ([Step], Set<Int>) = ([], [])
        var course: [String] = []
        while true {
            let taken = schedule.takeReady()
            running += taken
            course.append("start \(taken.map(\.id))")
            guard !running.isEmpty else { return course + ["skip \(schedule.skipped.map(\.id))"] }
            let step = running.remove(at: Int.random(in: running.indices, using: &generator))
            switch Int.random(in: 0..<20, using: &generator) {
            case 0:
                schedule.failed(step)
                guard let unit = UnitPlace(step), !running.contains(where: { UnitPlace($0) == unit }) else { break }
                course.append("lost \(schedule.settle(unit, succeeded: succeeded))")
            case 1:
                schedule.lingers(step)
                running.append(step)
            default:
                succeeded.insert(step.id)
                schedule.succeeded(step)
            }
        }
    }

    @Test func `a plan with joins goes as one that spells all of them out`() async throws {
        var joins = 0
        for seed in UInt64(0)..<200 {
            await Task.yield()
            let plan = seed.isMultiple(of: 2) ? try planned(seed) : madeUp(seed)
            joins += plan.joins.count
            let limits = Schedule.Limits(perHost: 1 + Int(seed % 4), total: 1 + Int(seed % 9))
            let short = course(Schedule(plan.steps, joins: plan.joins, limits: limits), seed: seed)
            #expect(short == course(Schedule(spelledOut(plan), limits: limits), seed: seed), "seed \(seed)")
        }
        #expect(joins > 100, "\(joins)")
    }

    private func step(_ id: Int, host: HostName = "a", after: [Int] = [], joins: [Int] = []) -> Step {
        Step(
            id: id, host: host, action: .start(container: .name("\(id)")), phase: .containers, after: after,
            afterJoins: joins, instance: InstanceAddress("web", slot: id))
    }

    @Test func `what waits for a join starts when all of it is there, and not when some of it failed`() {
        let join = Join(id: 1, phase: .containers, after: [1, 2, 3])
        let steps = (1...3).map { step($0) } + [step(4, joins: [1]), step(5, after: [1], joins: [1])]
        var schedule = Schedule(steps, joins: [join])
        #expect(schedule.takeReady().map(\.id) == [1, 2, 3])
        schedule.succeeded(steps[0])
        schedule.succeeded(steps[1])
        #expect(schedule.takeReady().isEmpty)
        var other = schedule
        other.succeeded(steps[2])
        #expect(other.takeReady().map(\.id) == [4, 5])
        schedule.failed(steps[2])
        let unit = UnitPlace(steps[2])
        #expect(unit.map { schedule.settle($0, succeeded: [1, 2]) }?.map(\.unit.address.slot) == [4, 5])
        #expect(schedule.takeReady().isEmpty && schedule.skipped.map(\.id) == [4, 5])
    }

    @Test func `a host without room holds no other up`() {
        let steps = (1...8).map { step($0, host: $0 < 7 ? "a" : "b") }
        var schedule = Schedule(steps, limits: Schedule.Limits(perHost: 2, total: 3))
        #expect(schedule.takeReady().map(\.id) == [1, 2, 7])
        schedule.succeeded(steps[0])
        #expect(schedule.takeReady().map(\.id) == [3])
        schedule.succeeded(steps[6])
        #expect(schedule.takeReady().map(\.id) == [8])
    }
}
