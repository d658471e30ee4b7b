import Foundation
import RecastModel
import RecastViews
import Testing

/// What the operator's programs read, and what is said of those that fail.
@Suite struct HookViewTests {
    private let plan = Plan(environment: "prod", application: "shop")

    @Test func `before the apply the document is the plan's own`() throws {
        #expect(try JSONText.document(AppliedDocument(plan)) == JSONText.document(PlanDocument(plan)))
    }

    @Test func `after it the outcome and every instance stand beside the plan`() throws {
        let result = ApplyResult(
            .partlyDone,
            fates: [
                InstancePlace("h2", InstanceAddress("web", slot: 1)): .broken,
                InstancePlace("h1", InstanceAddress("web", slot: 2)): .replaced,
            ])
        let text = try JSONText.line(AppliedDocument(plan, result))
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(document["outcome"] as? String == "partly-done")
        #expect(document["environment"] as? String == "prod")
        #expect(
            document["instances"] as? [[String: String]] == [
                ["host": "h1", "instance": "web.2", "fate": "replaced"],
                ["host": "h2", "instance": "web.1", "fate": "broken"],
            ])
    }

    @Test func `a failure names the program, how it ended and its last lines`() {
        let failure = OperatorHookFailure(
            .before, ["./backup", "--all"], reason: "./backup ended with exit code 3", lastLines: ["no \u{1B}[31mspace"]
        )
        #expect(
            HookText.lines(failure, style: Style()) == [
                "error: a hook before the apply failed; nothing was changed: ./backup ended with exit code 3",
                "    command: ./backup --all", "    its last lines:", "      | no \\u{1B}[31mspace",
            ])
        let after = OperatorHookFailure(.after, ["notify"], reason: "there is no program notify in PATH")
        #expect(
            HookText.lines(after, style: Style()) == [
                "warning: a hook after the apply failed: there is no program notify in PATH"
            ])
    }
}
