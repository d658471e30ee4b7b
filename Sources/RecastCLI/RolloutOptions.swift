import ArgumentParser
import RecastModel

/// What the command line says about every rollout.
struct RolloutOptions: ParsableArguments {
    @Option(
        name: .customLong("on-failure"),
        help: ArgumentHelp(
            "What a failed instance means for the others, whatever the services say: pause, continue or rollback.",
            valueName: "action"),
        transform: RolloutOptions.action)
    var failureAction: RolloutPolicy.FailureAction?

    @Flag(help: "Runs each image that stops its predecessor first beside it, before it is stopped.")
    var rehearse = false

    @Option(
        name: .customLong("accept"),
        help: ArgumentHelp(
            "A danger to data to go on with, as the plan names it; may be given again.", valueName: "what:name"),
        transform: RolloutOptions.acceptance)
    var accepted: [Acceptance] = []

    @Flag(help: "Refuses an environment that has no lock file.")
    var locked = false

    /// What is to run, with what the command line says of it.
    func desired(_ options: EnvironmentOptions, _ console: Console) async throws -> Desired {
        let desired = try await options.desired(console: console)
        if locked, desired.lock == nil {
            console.complain("\(desired.environment) has no lock file; make one: recast lock \(options.environment)")
            throw Exit.refused
        }
        return desired.overriding(overrides)
    }

    var overrides: RolloutOverrides { RolloutOverrides(failureAction: failureAction, rehearse: rehearse) }

    private static func acceptance(_ text: String) throws -> Acceptance {
        guard let acceptance = Acceptance(text) else {
            let known = Acceptance.Kind.allCases.map { "\($0.rawValue):NAME" }.joined(separator: ", ")
            throw ValidationError("--accept takes one of \(known), not '\(text)'")
        }
        return acceptance
    }

    private static func action(_ text: String) throws -> RolloutPolicy.FailureAction {
        guard let action = RolloutPolicy.FailureAction(rawValue: text) else {
            let known = RolloutPolicy.FailureAction.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--on-failure takes one of \(known), not '\(text)'")
        }
        return action
    }
}
