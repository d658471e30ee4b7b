package import RecastModel

/// What a program of the operator reads: the plan, and once everything has ended what came of it.
package struct AppliedDocument: Encodable {
    struct Instance: Encodable {
        let host: String
        let instance: String
        let fate: String
    }

    private enum Key: String, CodingKey {
        case outcome, instances
    }

    private let plan: PlanDocument
    private let result: ApplyResult?

    /// Without a result it is the plan's document and nothing else.
    package init(_ plan: Plan, _ result: ApplyResult? = nil) {
        self.plan = PlanDocument(plan)
        self.result = result
    }

    package func encode(to encoder: any Encoder) throws {
        try plan.encode(to: encoder)
        guard let result else { return }
        var members = encoder.container(keyedBy: Key.self)
        try members.encode(result.outcome.rawValue, forKey: .outcome)
        let instances = result.fates.sorted { $0.key < $1.key }.map { place, fate in
            Instance(host: place.host.text, instance: place.address.description, fate: fate.rawValue)
        }
        try members.encode(instances, forKey: .instances)
    }
}
