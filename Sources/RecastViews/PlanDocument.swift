// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

/// A plan for machines: `docs/reference/plan.schema.json` describes it.
///
/// Fields may be added without a new format.
package struct PlanDocument: Codable, Hashable {
    struct Host: Codable, Hashable {
        let name: String
        let product: String?
        let engine: String?
        let api: String?
        let unreachable: String?
        let unchanged: Int
        let notices: [String]
    }
    struct FieldChange: Codable, Hashable {
        let field: String
        let live: String?
        let desired: String?
        let sensitive: Bool
    }
    struct Item: Codable, Hashable {
        let host: String
        let kind: String
        let address: String
        let action: String
        let cause: String
        let exit_code: Int?
        let order: Order?
        let differences: [FieldChange]
    }
    struct Danger: Codable, Hashable {
        let host: String?
        let kind: String
        let subject: String
        let detail: String
        let help: String
        let position: String?
        let accept: String?
    }
    struct Rollback: Codable, Hashable {
        let release: Int
        let restores: Int
        let finished: Bool
    }
    struct StepItem: Codable, Hashable {
        let id: Int
        let host: String
        let action: String
        let target: String
        let instance: String?
        let phase: String
        let after: [Int]
        let after_settled: [Int]
        let after_joins: [Int]
    }
    struct JoinItem: Codable, Hashable {
        let id: Int
        let after: [Int]
        let after_settled: [Int]
    }

    private(set) var format = 1
    let environment: String
    let application: String
    let applicable: Bool
    let summary: [String: Int]
    let hosts: [Host]
    let changes: [Item]
    let rollouts: [Turns]
    let ways_back: [Return]
    let hazards: [Danger]
    let accepted: [Danger]
    let unused_acceptances: [String]
    let schemas: [String: Int]
    let outdated_pins: [String]
    let rollback: Rollback?
    let steps: [StepItem]
    let joins: [JoinItem]
    let basis: [String: [String]]

    package init(_ plan: Plan) {
        environment = plan.environment.text
        application = plan.application.text
        applicable = plan.isApplicable
        var counts = Dictionary(uniqueKeysWithValues: Change.Action.allCases.map { ($0.rawValue, 0) })
        for change in plan.changes { counts[change.action.rawValue, default: 0] += 1 }
        counts["unchanged"] = plan.hosts.reduce(0) { $0 + $1.unchanged }
        summary = counts
        hosts = plan.hosts.map(Host.init)
        changes = plan.changes.map(Item.init)
        rollouts = plan.rollouts.map(Turns.init)
        ways_back = plan.hosts.flatMap(Return.all)
        hazards = plan.hazards.map(Danger.init)
        accepted = plan.accepted.map(Danger.init)
        unused_acceptances = plan.unusedAcceptances.map(\.description)
        schemas = plan.schemas
        outdated_pins = plan.outdatedPins.map(\.text)
        rollback = plan.rollback.map { Rollback(release: $0.number, restores: $0.restores, finished: $0.isFinished) }
        steps = plan.steps.map(StepItem.init)
        joins = plan.joins.map { JoinItem(id: $0.id, after: $0.after, after_settled: $0.afterSettled) }
        basis = Dictionary(uniqueKeysWithValues: plan.basis.map { ($0.key.text, $0.value.sorted()) })
    }
}

extension PlanDocument.Host {
    init(_ host: HostPlan) {
        name = host.host.text
        product = host.engine?.product.rawValue
        engine = host.engine?.version
        api = host.engine?.api.description
        unreachable = host.unreachable
        unchanged = host.unchanged
        notices = host.notices.map(\.code)
    }
}

extension PlanDocument.Item {
    init(_ change: Change) {
        host = change.host.text
        action = change.action.rawValue
        cause = change.cause.code
        switch change.subject {
        case .instance(let instance): (kind, address) = ("container", instance.description)
        case .network(let name): (kind, address) = ("network", name)
        case .volume(let name): (kind, address) = ("volume", name)
        case .container(let name): (kind, address) = ("container", name)
        }
        if case .stopped(let code) = change.cause { exit_code = code } else { exit_code = nil }
        order = change.replacement.map(PlanDocument.Order.init)
        differences = change.differences.map {
            .init(field: $0.field, live: $0.live, desired: $0.desired, sensitive: $0.isSensitive)
        }
    }
}

extension PlanDocument.Danger {
    init(_ hazard: Hazard) {
        host = hazard.host?.text
        kind = hazard.kind.rawValue
        subject = hazard.subject
        detail = hazard.detail
        help = hazard.help
        position = hazard.position?.description
        accept = hazard.acceptance?.description
    }
}

extension PlanDocument.StepItem {
    init(_ step: Step) {
        id = step.id
        host = step.host.text
        action = ActionWords.verb(step.action)
        target = ActionWords.target(step.action)
        instance = step.instance?.description
        phase = step.phase.code
        after = step.after
        after_settled = step.afterSettled
        after_joins = step.afterJoins
    }
}

extension Cause {
    /// A stable word for machines.
    var code: String {
        switch self {
        case .missing: "missing"
        case .configuration: "configuration"
        case .drift: "drift"
        case .stopped: "stopped"
        case .unfinished: "unfinished"
        case .notDesired: "not-desired"
        case .task: "task"
        case .shared: "shared"
        case .moved: "moved"
        }
    }
}

extension Notice {
    var code: String {
        switch self {
        case .unhealthy(let address): "unhealthy: \(address)"
        case .hashOutdated(let address): "hash-outdated: \(address)"
        case .unexpected(let address, _): "unexpected: \(address)"
        case .imageUnpinned(let image): "image-unpinned: \(image.short)"
        case .copiedLabels(let name): "copied-labels: \(name)"
        case .unnamedKept(let address, let paths): "unnamed-kept: \(address) \(paths.joined(separator: " "))"
        case .unclaimed(let volume): "unclaimed: \(volume)"
        case .backup(let address, let volumes, _): "backup: \(address) \(volumes.joined(separator: " "))"
        case .stranded(let what): "stranded: \(what.service) \(what.schema) \(what.version)"
        case .unfit(let what): "unfit: \(what.service) \(what.schema) \(what.version)"
        case .migrating(let address, let schema): "migrating: \(address) \(schema.name)"
        case .schemaUnseen(let name, _): "schema-unseen: \(name)"
        case .unnamedLeft(let name, let volumes): "unnamed-left: \(name) \(volumes.joined(separator: " "))"
        }
    }
}

extension Step.Phase {
    var code: String {
        switch self {
        case .pull: "pull"
        case .resources: "resources"
        case .prepare: "prepare"
        case .before: "before"
        case .rehearse: "rehearse"
        case .containers: "containers"
        case .after: "after"
        case .cleanUp: "clean-up"
        case .prune: "prune"
        }
    }
}
