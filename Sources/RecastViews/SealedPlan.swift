// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

/// A plan in a file: reviewed by one, carried out by another, or refused.
///
/// It holds no step to follow blindly. Whoever applies it plans again, from the same manifests and with the digests that
/// stand here, and goes on only when the same plan comes out.
package struct SealedPlan: Codable, Hashable {
    private(set) var format = 1
    private(set) var kind = "sealed-plan"
    /// As it was reached from the folder in which the plan was made.
    package let environment_file: String
    /// ISO 8601.
    package let made: String
    package let by: String
    package let tool_version: String
    /// Only these; all, where there are none.
    package let services: [String]
    package let hosts: [String]
    package let on_failure: String?
    package let rehearse: Bool
    /// By service, then by reference, the digest.
    package let pins: [String: [String: String]]
    package let plan: PlanDocument

    package init(
        _ plan: Plan, of desired: PinnedDesired, environmentFile: String, made: String, by: String,
        toolVersion: String, services: [String], hosts: [String], overrides: RolloutOverrides
    ) {
        environment_file = environmentFile
        self.made = made
        self.by = by
        tool_version = toolVersion
        self.services = services
        self.hosts = hosts
        on_failure = overrides.failureAction?.rawValue
        rehearse = overrides.rehearse
        pins = desired.instances.reduce(into: [:]) { pins, instance in
            for image in instance.spec.images {
                guard let digest = image.digest, image.tag != nil else { continue }
                pins[instance.address.service.text, default: [:]][image.short] = digest
            }
        }
        self.plan = PlanDocument(plan)
    }

    package var overrides: RolloutOverrides {
        RolloutOverrides(
            failureAction: on_failure.flatMap { RolloutPolicy.FailureAction(rawValue: $0) }, rehearse: rehearse)
    }

    /// What a person went on with when it was made.
    package var acceptances: Set<Acceptance> {
        Set(plan.accepted.compactMap { $0.accept.flatMap { Acceptance($0) } })
    }

    /// The digests as a lock file of what is desired now has them.
    ///
    /// `bases`: the hashes of the manifest at hand.
    package func lock(of desired: Desired, bases: [ServiceName: String]) -> LockFile {
        var lock = LockFile(
            path: desired.lock?.path ?? "the plan", application: desired.application,
            environment: desired.environment, volumes: desired.lock?.volumes ?? [:])
        for (name, digests) in pins {
            let references = digests.compactMap { text, digest in ImageReference(text).map { ($0, digest) } }
            lock.services[ServiceName(name)] = LockFile.Service(
                digests: Dictionary(references) { $1 }, base: bases[ServiceName(name)] ?? "", at: made, by: by)
        }
        return lock
    }

    /// For whoever is to approve it.
    package var summary: [String] {
        let rows = plan.changes.map { [$0.host, $0.address, $0.action, $0.cause] }
        return ["\(plan.environment) · \(plan.application), made \(made) by \(by.printable)", ""]
            + (rows.isEmpty ? ["No changes."] : TextTable.lines([["HOST", "WHAT", "CHANGE", "CAUSE"]] + rows))
            + plan.accepted.map { "Accepted: \($0.subject.printable): \($0.detail.printable)" }
    }

    /// What became of this plan's facts and steps.
    package enum Verdict: Hashable {
        case holds
        /// The facts that moved, by host.
        case moved([HostName: [String]])
        /// The hosts are as they were, and the manifests say something else: the lines that differ.
        case another([String])
    }

    package func verdict(on now: Plan) -> Verdict {
        let new = PlanDocument(now)
        var moved: [HostName: [String]] = [:]
        for host in Set(plan.basis.keys).union(new.basis.keys) {
            let (before, after) = (Set(plan.basis[host] ?? []), Set(new.basis[host] ?? []))
            let facts =
                before.subtracting(after).sorted().map { "was: \($0)" }
                + after.subtracting(before).sorted().map { "now: \($0)" }
            if !facts.isEmpty { moved[HostName(host)] = facts }
        }
        if !moved.isEmpty { return .moved(moved) }
        if plan.steps == new.steps, plan.rollouts == new.rollouts, plan.environment == new.environment {
            return .holds
        }
        let (before, after) = (Set(plan.steps.map(\.line)), Set(new.steps.map(\.line)))
        let lines =
            before.subtracting(after).sorted().map { "was: \($0)" }
            + after.subtracting(before).sorted().map { "now: \($0)" }
        return .another(lines.isEmpty ? ["now: the same steps in another order, or in other batches"] : lines)
    }
}

extension PlanDocument.StepItem {
    fileprivate var line: String { "\(host) \(action) \(target)" }
}
