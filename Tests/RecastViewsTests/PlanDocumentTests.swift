import Foundation
import RecastModel
import RecastViews
import Testing

/// What `plan --json` prints is what `docs/reference/plan.schema.json` describes.
@Suite struct PlanDocumentTests {
    @Test func `every property of a full plan is in the schema, and what the schema requires is there`() throws {
        let text = try JSONText.document(PlanDocument(Self.plan))
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/reference/plan.schema.json")
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        check(document, against: schema, at: "plan")
    }

    private func check(_ value: Any, against schema: [String: Any], at path: String) {
        if let allowed = schema["enum"] as? [String] {
            #expect(allowed.contains(value as? String ?? ""), "\(path): \(value)")
        }
        if let object = value as? [String: Any] {
            for key in schema["required"] as? [String] ?? [] { #expect(object[key] != nil, "\(path).\(key)") }
            let properties = schema["properties"] as? [String: [String: Any]]
            for (key, child) in object {
                guard let properties else { continue }
                guard let known = properties[key] else {
                    Issue.record("\(path).\(key) is not in the schema")
                    continue
                }
                check(child, against: known, at: "\(path).\(key)")
            }
        }
        if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
            for item in list { check(item, against: items, at: path + "[]") }
        }
    }

    private static let actions: [Action] = {
        let handle = ContainerHandle.name("a")
        return [
            .start(container: handle), .remove(container: handle), .drain(Drain(nil), container: handle),
            .retain(container: handle, name: "b"), .removeRehearsal(container: handle),
            .pruneImages(repository: "r", keep: 5), .pause(.seconds(1)),
            .run(Hook(command: ["true"]), container: handle), .await(container: handle, .steady(.seconds(1))),
            .removeFileVolume(name: "v"),
        ]
    }()

    private static func rollout(_ web: InstanceAddress) -> Rollout {
        var policy = RolloutPolicy()
        (policy.monitor, policy.maxGap, policy.canary) = (.seconds(5), .seconds(2), 1)
        return Rollout(
            service: "web", policy: policy, instances: 2,
            batches: [[InstancePlace("h1", web)], [InstancePlace("h1", InstanceAddress("web", slot: 2))]])
    }

    private static let plan: Plan = {
        let web = InstanceAddress("web", slot: 1)
        let causes: [Cause] = [
            .missing, .configuration, .drift, .stopped(exitCode: 3), .unfinished, .notDesired, .task, .shared(web),
        ]
        let replacements = [
            Replacement(.stopFirst, exclusive: ["port 1/tcp"], gap: .unknown(grace: 5)),
            Replacement(.stopFirst, gap: .measured(.seconds(2))), Replacement(.startFirst, gap: .none), nil,
        ]
        let changes = causes.enumerated().map { index, cause in
            Change(
                host: "h1", subject: .instance(web), action: Change.Action.allCases[index % 5], cause: cause,
                differences: [Difference(field: "memory", live: "1", desired: nil)],
                replacement: replacements[index % 4])
        }
        let engine = EngineFacts(version: "20.10.24", api: APIVersion(1, 41))
        var plan = Plan(environment: "prod", application: "shop")
        plan.hosts = [
            HostPlan(
                host: "h1", engine: engine,
                changes: changes + [
                    Change(host: "h1", subject: .network("n"), action: .create, cause: .missing),
                    Change(host: "h1", subject: .volume("v"), action: .create, cause: .missing),
                ], unchanged: 1, notices: [.unhealthy(web), .copiedLabels(name: "x")]),
            HostPlan(host: "h2", engine: nil, unreachable: "no answer"),
        ]
        plan.hosts[0].waysBack = [web: .predecessor("x"), InstanceAddress("web", slot: 2): .none]
        plan.rollouts = [rollout(web)]
        plan.hazards = ([.nameTaken, .orderImpossible, .gapTooLong] as [Hazard.Kind]).map { kind in
            Hazard(
                host: "h1", kind: kind, subject: "web.1", detail: "d", help: "h",
                position: SourcePosition(file: "f", line: 1, column: 2))
        }
        plan.steps = zip(actions, Step.Phase.allCases + [.containers]).enumerated().map { index, item in
            Step(
                id: index + 1, host: "h1", action: item.0, phase: item.1, after: index > 0 ? [index] : [],
                instance: index == 0 ? web : nil)
        }
        plan.basis = ["h1": ["fact"]]
        return plan
    }()
}
