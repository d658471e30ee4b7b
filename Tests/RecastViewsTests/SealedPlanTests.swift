import Foundation
import RecastModel
import RecastViews
import Testing

@Suite struct SealedPlanTests {
    private static let digest = "sha256:" + String(repeating: "1", count: 64)

    private func desired() throws -> Desired {
        let image = try #require(ImageReference("shop/web:1"))
        let position = SourcePosition(file: "shop.yaml", line: 1, column: 1)
        return Desired(
            environment: "prod", application: "shop",
            hosts: [HostDefinition(name: "h1", engine: "unix:///x", position: position)],
            instances: [
                DesiredInstance(
                    host: "h1", address: InstanceAddress("web", slot: 1), spec: ContainerSpec(image: image),
                    position: position)
            ], networks: [], volumes: [])
    }

    private func plan(_ container: String = "a", facts: Set<String> = ["engine 28"], batches: Int = 1) -> Plan {
        var plan = Plan(environment: "prod", application: "shop")
        plan.steps = [
            Step(id: 1, host: "h1", action: .start(container: .name(container)), phase: .containers, after: [])
        ]
        plan.basis = ["h1": facts]
        let place = InstancePlace("h1", InstanceAddress("web", slot: 1))
        plan.rollouts = [
            Rollout(
                service: "web", policy: RolloutPolicy(), instances: 1,
                batches: Array(repeating: [place], count: batches))
        ]
        plan.accepted = [
            Hazard(
                host: "h1", kind: .volumeElsewhere, subject: "volume data", detail: "d", help: "h",
                acceptance: Acceptance(.newVolume, "data"))
        ]
        return plan
    }

    private func sealed() throws -> SealedPlan {
        let desired = try desired().mappingImages { image, _ in image.pinned(to: Self.digest) }
        let pinned = PinnedDesired(
            desired, instances: desired.instances.map { PinnedInstance($0, of: desired, specHash: "v1:sha256:0") })
        return SealedPlan(
            plan(), of: pinned, environmentFile: "environments/prod.yaml", made: "2026-01-31T12:00:00Z",
            by: "ana@laptop", toolVersion: "0.1.0", services: ["web"], hosts: [],
            overrides: RolloutOverrides(failureAction: .rollback, rehearse: true))
    }

    @Test func `what is read from the file is what was written`() throws {
        let plan = try sealed()
        let read = try JSONDecoder().decode(SealedPlan.self, from: Data(try JSONText.document(plan).utf8))
        #expect(read == plan)
        #expect(read.overrides == RolloutOverrides(failureAction: .rollback, rehearse: true))
        #expect(read.acceptances == [Acceptance(.newVolume, "data")])
    }

    @Test func `its digests are those of a lock file`() throws {
        let lock = try sealed().lock(of: try desired(), bases: ["web": "b"])
        #expect(lock.services["web"]?.digests == [try #require(ImageReference("shop/web:1")): Self.digest])
        #expect(lock.services["web"]?.base == "b")
    }

    @Test func `the same plan holds, and another one is told from hosts that moved`() throws {
        let sealed = try sealed()
        #expect(sealed.verdict(on: plan()) == .holds)
        #expect(
            sealed.verdict(on: plan(facts: ["engine 29"])) == .moved(["h1": ["was: engine 28", "now: engine 29"]]))
        #expect(sealed.verdict(on: plan("b")) == .another(["was: h1 start a", "now: h1 start b"]))
        guard case .another(let lines) = sealed.verdict(on: plan(batches: 2)) else {
            Issue.record("other batches are another plan")
            return
        }
        #expect(!lines.isEmpty)
    }
}
