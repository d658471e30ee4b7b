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

    private static let plan: Plan = {
        let web = InstanceAddress("web", slot: 1)
        let causes: [Cause] = [.missing, .configuration, .drift, .stopped(exitCode: 3), .unfinished, .notDesired]
        let changes = zip(causes, Change.Action.allCases + [.replace]).map { cause, action in
            Change(
                host: "h1", subject: .instance(web), action: action, cause: cause,
                differences: [Difference(field: "memory", live: "1", desired: nil)],
                replacement: Replacement(.stopFirst, exclusive: ["port 1/tcp"], gap: .unknown(grace: 5)))
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
        plan.hazards = [
            Hazard(
                host: "h1", kind: .nameTaken, subject: "web.1", detail: "d", help: "h",
                position: SourcePosition(file: "f", line: 1, column: 2))
        ]
        plan.steps = [
            Step(id: 1, host: "h1", action: .start(container: .name("a")), phase: .containers, instance: web),
            Step(id: 2, host: "h1", action: .remove(container: .name("b")), phase: .cleanUp, after: [1]),
        ]
        plan.basis = ["h1": ["fact"]]
        return plan
    }()
}
