import RecastModel

/// Whether programs fit the databases that they will find.
struct SchemaReview {
    /// The versions of the databases once the plan is carried out, by the name of the schema.
    let planned: [String: Int]
    private let recorded: [String: Int]
    private let instances: [PinnedInstance]
    private let decisions: [Decision]

    init(_ desired: PinnedDesired, _ observed: Observed, _ reviews: [HostReview]) {
        recorded = observed.schemas
        instances = desired.instances
        decisions = reviews.flatMap(\.decisions)
        planned = decisions.filter(\.startsProgram).compactMap(\.schema).reduce(into: recorded) { planned, schema in
            if let head = schema.head { planned[schema.name] = max(head, planned[schema.name] ?? head) }
        }
    }

    /// One for each service that would meet a database of another time.
    var hazards: [Hazard] {
        let starting = Set(decisions.filter(\.startsProgram).map(\.place))
        var seen: Set<ServiceName> = []
        return instances.compactMap { pinned in
            guard let schema = pinned.instance.schema, let works = schema.works, let version = planned[schema.name],
                !works.contains(version), seen.insert(pinned.address.service).inserted,
                starting.contains(InstancePlace(pinned.host, pinned.address)) || version != recorded[schema.name]
            else { return nil }
            return hazard(pinned, schema.name, works, version)
        }
    }

    private func hazard(
        _ pinned: PinnedInstance, _ name: String, _ works: ClosedRange<Int>, _ version: Int
    ) -> Hazard {
        let acceptance = Acceptance(.schema, name)
        let isHere = version == recorded[name]
        return Hazard(
            host: nil, kind: .schemaDiffers, subject: "service \(pinned.address.service)",
            detail: "it works with \(SchemaPolicy.text(works)) of schema '\(name)', which "
                + (isHere ? "a release brought to \(version)" : "this plan brings to \(version)"),
            help: "deploy a build that works with \(version); or, when the database is not at \(version), as after a"
                + " restore: --accept \(acceptance)",
            position: pinned.instance.position, acceptance: acceptance)
    }

    /// What is recorded of the databases: where a person said that one is another than recorded, it is one that its
    /// programs work with.
    func recording(_ accepted: [Hazard]) -> [String: Int] {
        let names = Set(accepted.compactMap(\.acceptance).filter { $0.kind == .schema }.map(\.name))
        return instances.compactMap(\.instance.schema).reduce(into: planned) { versions, schema in
            guard names.contains(schema.name), let works = schema.works, let version = versions[schema.name] else {
                return
            }
            versions[schema.name] = min(max(version, works.lowerBound), works.upperBound)
        }
    }

    /// By host, the services that cannot go back when their successors fail.
    var stranded: [HostName: Set<Stranding>] {
        decisions.reduce(into: [:]) { stranded, decision in
            guard decision.isReplacement, decision.policy.failureAction == .rollback,
                let schema = decision.giving.last?.identity.schema, let works = schema.works,
                let version = planned[schema.name], !works.contains(version)
            else { return }
            stranded[decision.host, default: []].insert(
                Stranding(service: decision.address.service, schema: schema.name, works: works, version: version))
        }
    }
}

extension Plan {
    /// Does not go back where a service cannot: what goes back goes back together.
    mutating func keep(_ stranded: [HostName: Set<Stranding>]) {
        guard !stranded.isEmpty else { return }
        for index in hosts.indices {
            let here = stranded[hosts[index].host] ?? []
            hosts[index].notices += here.sorted { $0.service < $1.service }.map(Notice.stranded)
        }
        rollouts = rollouts.map { $0.pausing }
    }
}

extension Rollout {
    fileprivate var pausing: Self {
        var policy = policy
        if policy.failureAction == .rollback { policy.failureAction = .pause }
        return Self(service: service, policy: policy, instances: instances, batches: batches)
    }
}

extension Decision {
    fileprivate var schema: SchemaPolicy? { instance?.instance.schema }

    /// A program starts that was not there in that form.
    fileprivate var startsProgram: Bool { [.create, .replace, .start].contains(action) }
}
