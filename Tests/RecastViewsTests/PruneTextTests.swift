import Foundation
import RecastModel
import RecastViews
import Testing

/// What a prune shows.
@Suite struct PruneTextTests {
    private let plan: Plan = {
        let web = InstanceAddress("web", slot: 1)
        var plan = Plan(environment: "prod", application: "shop")
        plan.hosts = [
            HostPlan(host: "h1", engine: nil), HostPlan(host: "h2", engine: nil, unreachable: "no answer"),
            HostPlan(host: "h3", engine: nil),
        ]
        plan.steps = [
            Step(
                id: 1, host: "h1", action: .remove(container: .id("1", name: "x-previous-1")), phase: .prune,
                instance: web),
            Step(id: 2, host: "h1", action: .pruneImages(repository: "shop/web", keep: 5), phase: .prune),
        ]
        return plan
    }()

    @Test func `it is listed host by host`() {
        #expect(
            PruneText(plan).lines == [
                "prod · shop · 3 hosts", "", "h1", "  - x-previous-1         one more predecessor of web.1",
                "  - images of shop/web   without a tag and unused, but the newest 5", "",
                "h2   unreachable: no answer", "",
                "1 container to remove, images of 1 repository to look through.",
            ])
        #expect(PruneText(Plan(environment: "prod", application: "shop")).lines.last == "Nothing to remove.")
    }

    @Test func `what is done and what fails is a line`() {
        let text = PruneText(plan)
        #expect(text.lines(for: .succeeded(plan.steps[0], .zero)) == ["h1  x-previous-1  removed"])
        #expect(text.lines(for: .progressed(plan.steps[1], .output("removed 1…"))) == ["h1  shop/web  removed 1…"])
        #expect(text.lines(for: .succeeded(plan.steps[1], .zero)) == [])
        #expect(
            text.lines(for: .warned(plan.steps[1], StepFailure("busy"))) == [
                "h1  shop/web  FAILED removing old images: busy"
            ])
    }

    @Test func `the document has containers, images and hosts that did not answer`() throws {
        let text = try JSONText.line(PruneDocument(plan))
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(
            document["containers"] as? [[String: String]] == [
                ["host": "h1", "container": "x-previous-1", "instance": "web.1"]
            ])
        #expect((document["images"] as? [[String: Any]])?.first?["repository"] as? String == "shop/web")
        #expect(document["unreachable"] as? [String: String] == ["h2": "no answer"])
    }
}
