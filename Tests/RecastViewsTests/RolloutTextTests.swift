import RecastModel
import RecastViews
import Testing

/// What a plan says of the way in which instances give way.
@Suite struct RolloutTextTests {
    private static let web = InstanceAddress("web", slot: 1)

    private func lines(_ plan: Plan) -> [String] { PlanText(plan, snapshot: "12:15:24Z").lines }

    private func order(_ replacement: Replacement) -> String? {
        let change = Change(
            host: "h1", subject: .instance(Self.web), action: .replace, cause: .drift, replacement: replacement)
        let host = HostPlan(
            host: "h1", engine: EngineFacts(version: "28", api: APIVersion(1, 51)), changes: [change])
        return lines(Plan(environment: "prod", application: "shop", hosts: [host])).first { $0.contains("order") }
    }

    @Test func `a replacement says its order, its gap and why there is one`() {
        #expect(order(Replacement(.startFirst, gap: .none)) == "          order   start-first, no gap expected")
        #expect(
            order(Replacement(.stopFirst, exclusive: ["port 8080/tcp"], gap: .measured(.milliseconds(1830))))
                == "          order   stop-first, gap about 1.8 s (port 8080/tcp)")
        #expect(
            order(Replacement(.stopFirst, exclusive: ["volume data", "port 1/udp"], gap: .unknown(grace: 10)))
                == "          order   stop-first, gap not measured yet: up to 10 s to stop, plus the start "
                + "(volume data, port 1/udp)")
        #expect(order(Replacement(.stopFirst, gap: .none)) == "          order   stop-first, no gap expected")
    }

    @Test func `what an earlier apply left is resumed, and a task says why it runs`() {
        let engine = EngineFacts(version: "28", api: APIVersion(1, 51))
        let changes = [
            Change(host: "h1", subject: .instance(Self.web), action: .replace, cause: .unfinished),
            Change(
                host: "h1", subject: .instance(InstanceAddress("migrate", slot: 1)), action: .create, cause: .task),
        ]
        let text = lines(
            Plan(
                environment: "prod", application: "shop",
                hosts: [HostPlan(host: "h1", engine: engine, changes: changes)]))
        #expect(text.contains("  -/+ web.1       replace   resume: web.1 was being replaced"))
        #expect(text.contains("   +  migrate.1   create    task (runs in every apply that changes something)"))
    }

    // MARK: Batches

    private func rollout(
        batches sizes: [Int], of instances: Int? = nil, _ change: (inout RolloutPolicy) -> Void = { _ in }
    ) -> Rollout {
        var policy = RolloutPolicy()
        change(&policy)
        var slot = 0
        let batches = sizes.map { size in
            (0..<size).map { _ in
                slot += 1
                return InstancePlace("h1", InstanceAddress("web", slot: slot))
            }
        }
        return Rollout(service: "web", policy: policy, instances: instances ?? slot, batches: batches)
    }

    private func turns(_ rollout: Rollout) -> [String] {
        var plan = Plan(environment: "prod", application: "shop")
        plan.rollouts = [rollout]
        return lines(plan).filter { $0.hasPrefix("web: ") }
    }

    @Test func `batches are told with what is other than usual`() {
        let full = rollout(batches: [1, 3, 3, 3, 2]) { policy in
            policy.canary = 1
            policy.parallelism = .count(3)
            policy.delay = .seconds(30)
            policy.failureAction = .rollback
        }
        #expect(
            turns(full) == [
                "web: 12 instances in 4 batches of 3, first a canary of 1; 30 s between batches; "
                    + "on failure everything goes back"
            ])
        let other = rollout(batches: [2, 2], of: 9) { policy in
            policy.monitor = .milliseconds(1500)
            policy.maxFailureRatio = 0.125
            policy.failureAction = .continue
        }
        #expect(
            turns(other) == [
                "web: 4 of 9 instances in 2 batches of 2; each is watched for 1.5 s; up to 12.5 % may fail; "
                    + "on failure the others go on"
            ])
        #expect(turns(rollout(batches: [1, 1, 1])) == ["web: 3 instances one after the other"])
        #expect(
            turns(rollout(batches: [1, 4]) { $0.canary = 1 })
                == ["web: 5 instances in 1 batch of 4, first a canary of 1"])
    }

    @Test func `one batch goes without saying`() {
        #expect(turns(rollout(batches: [3])).isEmpty)
    }

    // MARK: The way back

    private func wayBack(_ ways: [[InstanceAddress: WayBack]]) -> String? {
        var plan = Plan(environment: "prod", application: "shop")
        plan.hosts = ways.enumerated().map { index, ways in
            var host = HostPlan(host: HostName("h\(index)"), engine: nil)
            host.waysBack = ways
            return host
        }
        let last = lines(plan).last
        return last?.hasPrefix("Way back") == true ? last : nil
    }

    @Test func `the last line tells what there is to go back to`() {
        let (db, two) = (InstanceAddress("db", slot: 1), InstanceAddress("web", slot: 2))
        #expect(wayBack([[:], [:]]) == nil)
        #expect(
            wayBack([[Self.web: .predecessor("a")], [Self.web: .predecessor("b")]])
                == "Way back: every instance keeps its predecessor.")
        #expect(wayBack([[Self.web: .none, db: .none]]) == "Way back: no instance has a predecessor.")
        #expect(
            wayBack([
                [Self.web: .predecessor("a"), two: .predecessor("b"), db: .none],
                [Self.web: .predecessor("c"), two: .none],
            ]) == "Way back: db has none; web has one on 3 of 4 instances.")
        #expect(
            wayBack([[Self.web: .predecessor("a"), two: .predecessor("b"), db: .none]])
                == "Way back: db has none; web has one on every instance.")
    }
}
