package import RecastModel

/// What a prune removes, for people.
package struct PruneText {
    private let plan: Plan
    private let style: Style
    private let hostWidth: Int

    package init(_ plan: Plan, style: Style = Style()) {
        self.plan = plan
        self.style = style
        hostWidth = (plan.steps.map { $0.host.text.count }.max() ?? 0) + 2
    }

    /// The plan, host by host.
    package var lines: [String] {
        let hosts = counted(plan.hosts.count, "host")
        let heading = style.paint("\(plan.environment) · \(plan.application) · \(hosts)", .bold)
        return [heading, ""] + plan.hosts.flatMap(block) + [summary]
    }

    private func block(for host: HostPlan) -> [String] {
        let name = style.paint(host.host.text, .bold)
        if let reason = host.unreachable {
            return [name + "   " + style.paint("unreachable: \(reason.printable)", .red), ""]
        }
        let rows = plan.steps.filter { $0.host == host.host }.map(Self.row)
        guard !rows.isEmpty else { return [] }
        let width = (rows.map(\.0.count).max() ?? 0) + 3
        return [name] + rows.map { "  \(style.paint("-", .red)) \($0.0.padded(to: width))\($0.1)" } + [""]
    }

    private static func row(_ step: Step) -> (String, String) {
        switch step.action {
        case .pruneImages(let repository, let keep):
            ("images of \(repository)", "without a tag and unused, but the newest \(keep)")
        case .removeFileVolume(let name): ("volume \(name)", "files of a predecessor that goes")
        default:
            (ActionWords.target(step.action), step.instance.map { "one more predecessor of \($0)" } ?? "")
        }
    }

    private var summary: String {
        let containers = plan.steps.count { $0.action.isRemoval }
        let repositories = plan.steps.count { $0.action.isPruning }
        guard !plan.steps.isEmpty else { return "Nothing to remove." }
        let images =
            repositories == 0
            ? "" : ", images of \(repositories == 1 ? "1 repository" : "\(repositories) repositories") to look through"
        return "\(counted(containers, "container")) to remove\(images)."
    }

    /// What is told while it goes on.
    package func lines(for event: Event) -> [String] {
        switch event {
        case .progressed(let step, .output(let text)): [line(step, text.printable)]
        case .succeeded(let step, _) where step.action.isPruning: []
        case .succeeded(let step, _): [line(step, ActionWords.done(step.action))]
        case .failed(let step, let failure), .warned(let step, let failure):
            [line(step, style.paint("FAILED \(ActionWords.doing(step.action)): \(failure.message.printable)", .red))]
        case .interrupted: ["Interrupted: what was removed stays removed."]
        case .ended(.done): ["Pruned."]
        default: []
        }
    }

    private func line(_ step: Step, _ text: String) -> String {
        "\(step.host.text.padded(to: hostWidth))\(ActionWords.target(step.action))  \(text)"
    }
}

/// The same for machines.
package struct PruneDocument: Encodable {
    struct Removal: Encodable {
        let host: String
        let container: String
        let instance: String?
    }
    struct Images: Encodable {
        let host: String
        let repository: String
        /// How many without a tag stay.
        let keep: Int
    }

    let format = 1
    let environment: String
    let application: String
    /// Why hosts did not answer.
    let unreachable: [String: String]
    let containers: [Removal]
    let images: [Images]

    package init(_ plan: Plan) {
        environment = plan.environment.text
        application = plan.application.text
        unreachable = plan.hosts.reduce(into: [:]) { $0[$1.host.text] = $1.unreachable }
        containers = plan.steps.filter(\.action.isRemoval).map {
            Removal(
                host: $0.host.text, container: ActionWords.target($0.action), instance: $0.instance?.description)
        }
        images = plan.steps.compactMap { step in
            guard case .pruneImages(let repository, let keep) = step.action else { return nil }
            return Images(host: step.host.text, repository: repository, keep: keep)
        }
    }
}

extension Action {
    fileprivate var isRemoval: Bool {
        if case .remove = self { true } else { false }
    }

    fileprivate var isPruning: Bool {
        if case .pruneImages = self { true } else { false }
    }
}
