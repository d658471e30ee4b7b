import RecastManifest
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// What stops a promotion, one gate at a time.
@Suite struct PromotionReviewTests {
    private static let digests = (1...3).map { "sha256:" + String(repeating: "\($0)", count: 64) }

    /// Two environments and what was seen of them; everything is well.
    private struct Case {
        var source: Desired
        var target: Desired
        var changes: [Change] = []
        var targetChanges: [Change] = []
        var outcome: Outcome? = .done
        /// What the target ran, the oldest first.
        var ran: [String] = []
        var age: Int64? = 3600
        var state = ObservedContainer.RunState.running
        var health = ObservedContainer.Health.healthy
        var restarts = 0
        var unavailable: [ImageReference: String] = [:]
        var verified: [String: String?] = [:]
        var now = "2026-12-01T12:00:00Z"
        var unreachable: String?

        init() throws {
            source = try PromotionReviewTests.desired("staging")
            target = try PromotionReviewTests.desired("prod")
        }
    }

    private static func desired(_ environment: EnvironmentName) throws -> Desired {
        var spec = ContainerSpec(image: try #require(ImageReference("shop/web:1")))
        spec.environment = ["MODE": environment.text]
        let instance = DesiredInstance(
            host: "h", address: InstanceAddress("web", slot: 1), spec: spec, position: Scenario.nowhere)
        return Desired(
            environment: environment, application: "shop",
            hosts: [HostDefinition(name: "h", engine: "unix:///h", position: Scenario.nowhere)],
            instances: [instance], networks: [], volumes: [])
    }

    private func history(_ digests: [String], _ outcome: Outcome?) -> History {
        let records = digests.enumerated().map { index, digest in
            ReleaseRecord(
                number: index + 1, name: "r\(index + 1)", origin: ReleaseOrigin(actor: "ana", toolVersion: "1"),
                began: 1, outcome: index + 1 == digests.count ? outcome : .done,
                services: ["web": .init(image: "shop/web:1", digest: digest, specHash: "v1", instances: 1)])
        }
        return History(["h": records])
    }

    private func stage(
        _ desired: Desired, _ changes: [Change], _ history: History, unreachable: String? = nil
    ) throws -> PromotionReview.Stage {
        let image = try #require(ImageReference("shop/web:1")).pinned(to: Self.digests[0])
        var plan = Plan(environment: desired.environment, application: "shop")
        plan.hosts = [HostPlan(host: "h", engine: nil, unreachable: unreachable, changes: changes)]
        return PromotionReview.Stage(
            desired: desired, pinned: Scenario.pin(desired.running(["web": image])), plan: plan, history: history)
    }

    private func promotion(_ change: (inout Case) throws -> Void = { _ in }) throws -> Promotion {
        var given = try Case()
        try change(&given)
        let labels = InstanceLabels(
            environment: "staging", application: "shop", address: InstanceAddress("web", slot: 1), specHash: "v1",
            image: "shop/web:1", imageDigest: Self.digests[0])
        var container = ObservedContainer(
            id: "c", name: "c", identity: labels,
            spec: ContainerSpec(image: try #require(ImageReference("shop/web:1"))), imageID: "i", state: given.state)
        (container.health, container.restartCount) = (given.health, given.restarts)
        return PromotionReview(
            from: try stage(
                given.source, given.changes, history([Self.digests[0]], given.outcome), unreachable: given.unreachable),
            to: try stage(given.target, given.targetChanges, history(given.ran, .done)), services: ["web"],
            witnesses: [Witness(container, on: "h", age: given.age)], unavailable: given.unavailable,
            verified: given.verified, now: given.now
        ).promotion
    }

    private func change(_ cause: Cause) -> Change {
        Change(host: "h", subject: .instance(InstanceAddress("web", slot: 1)), action: .replace, cause: cause)
    }

    private func lock(_ desired: inout Desired, _ digest: String) throws {
        var lock = LockFile(path: "x", application: "shop", environment: desired.environment)
        lock.services["web"] = .init(
            digests: [try #require(ImageReference("shop/web:1")): digest], base: "", at: "", by: "")
        desired.lock = lock
    }

    @Test func `what has proven itself is promoted by its digest, under the target's own tag`() throws {
        let good = try promotion()
        #expect(good.passed, "\(good.gates.filter { !$0.passed })")
        #expect(good.pins == ["web": [try #require(ImageReference("shop/web:1")): Self.digests[0]]])
        #expect(good.release?.number == 1 && good.witnesses.map(\.age) == [3600])
    }

    private func failing(_ change: (inout Case) throws -> Void) throws -> [GateResult.Name] {
        let gates = try promotion(change).gates
        #expect(gates.allSatisfy { !$0.evidence.isEmpty && $0.help != "" })
        return gates.filter { !$0.passed }.map(\.gate)
    }

    @Test func `each gate stops it alone: the source`() throws {
        #expect(try failing { $0.target.promotion.after = "test" } == [.order])
        #expect(try failing { $0.target.promotion.after = "staging" } == [])
        #expect(try failing { $0.outcome = .partlyDone } == [.release])
        #expect(try failing { $0.outcome = nil } == [.release])
        #expect(try failing { $0.changes = [change(.configuration)] } == [.state])
        #expect(try failing { $0.changes = [change(.drift)] } == [.state])
        #expect(try failing { $0.unreachable = "no answer" } == [.state])
        #expect(try failing { $0.health = .unhealthy } == [.health])
        #expect(try failing { $0.health = .starting } == [.health])
        #expect(try failing { $0.health = .none } == [])
        #expect(try failing { $0.state = .exited } == [.health])
        #expect(try failing { $0.restarts = 1 } == [.health])
        #expect(try failing { $0.target.promotion.soak = 3601 } == [.soak])
        #expect(try failing { $0.target.promotion.soak = 3600 } == [])
        #expect(try failing { ($0.target.promotion.soak, $0.age) = (1, nil) } == [.soak])
        #expect(try failing { $0.verified = ["smoke": nil, "load": "./load ended with exit code 1"] } == [.verify])
        #expect(try failing { $0.verified = ["smoke": nil] } == [])
    }

    @Test func `each gate stops it alone: the target`() throws {
        let rejection = LockFile.Rejection(digest: Self.digests[0], service: "web", reason: "leaks", at: "", by: "ana")
        #expect(
            try failing {
                try lock(&$0.target, Self.digests[1])
                $0.target.lock?.reject(rejection)
            } == [.rejected])
        #expect(try failing { $0.source.lock = nil } == [])
        #expect(try failing { $0.source = try Self.with("staging", ["MODE", "NEW"]) } == [.parity])
        #expect(try failing { $0.target = try Self.with("prod", ["MODE", "NEW"]) } == [])
        #expect(try failing { $0.target = try Self.with("prod", ["MODE"], command: ["other"]) } == [.parity])
        let image = try #require(ImageReference("shop/web:1"))
        #expect(try failing { $0.unavailable = [image: "is not in the registry"] } == [.registry])
        #expect(try failing { $0.targetChanges = [change(.drift)] } == [.target])
        #expect(try failing { $0.targetChanges = [change(.configuration), change(.missing)] } == [])
        #expect(
            try failing {
                try lock(&$0.target, Self.digests[1])
                $0.target.lock?.services["web"]?.hold = .init(reason: "INC-311", at: "", by: "ana")
            } == [.hold])
        #expect(
            try failing {
                try lock(&$0.target, Self.digests[0])
                $0.target.lock?.services["web"]?.hold = .init(reason: "INC-311", at: "", by: "ana")
            } == [])
        #expect(try failing { $0.ran = [Self.digests[0], Self.digests[1]] } == [.forward])
        #expect(try failing { $0.ran = [Self.digests[1], Self.digests[0]] } == [])
        let freeze = PromotionGates.Freeze(from: "2026-12-01", until: "2026-12-02", reason: "holidays")
        #expect(try failing { $0.target.promotion.freeze = [freeze] } == [.freeze])
        #expect(try failing { ($0.target.promotion.freeze, $0.now) = ([freeze], "2026-12-02T00:00:00Z") } == [])
        #expect(try failing { ($0.target.promotion.freeze, $0.now) = ([freeze], "2026-11-30T23:59:59Z") } == [])
    }

    private static func with(
        _ environment: EnvironmentName, _ variables: [String], command: [String]? = nil
    ) throws -> Desired {
        let desired = try desired(environment)
        var instance = try #require(desired.instances.first)
        instance.spec.environment = Dictionary(uniqueKeysWithValues: variables.map { ($0, "1") })
        instance.spec.command = command
        return Desired(
            environment: environment, application: "shop", hosts: desired.hosts, instances: [instance], networks: [],
            volumes: [])
    }

    @Test func `the lock file says where its pins were proven, and keeps those that are the same`() throws {
        let promotion = try promotion()
        let empty = LockFile(path: "x", application: "shop", environment: "prod")
        let lock = empty.promoted(promotion, bases: ["web": "b"], evidence: "sha256:e", stamp: ("now", "ana"))
        let web = try #require(lock.services["web"])
        #expect(web.from == .init(environment: "staging", release: "r1", evidence: "sha256:e"))
        #expect(Array(web.digests.values) == [Self.digests[0]] && web.base == "b" && web.by == "ana")
        #expect(lock.promoted(promotion, bases: ["web": "b"], evidence: "sha256:f", stamp: ("later", "bo")) == lock)
    }

    @Test func `after a rollback the pins are held, and what was left is rejected`() throws {
        let history = history([Self.digests[0], Self.digests[1]], .done)
        let target = try history.rollbackTarget(.newest, of: [], [])
        var desired = try Self.desired("prod")
        try lock(&desired, Self.digests[1])
        let before = try #require(desired.lock)
        let after = before.rolledBack(
            to: target, today: desired, from: history.current, reason: "INC-311", stamp: ("now", "ana"))
        #expect(after.services["web"]?.digests.map(\.value) == [Self.digests[0]])
        #expect(after.services["web"]?.hold?.reason == "INC-311")
        #expect(after.rejected.map(\.digest) == [Self.digests[1]])
        #expect(
            after.rolledBack(
                to: target, today: desired, from: ["web": []], reason: "again", stamp: ("later", "bo")) == after)
    }
}
