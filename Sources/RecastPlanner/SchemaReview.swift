import RecastModel

/// Whether programs fit the databases that they will find.
struct SchemaReview {
    /// What this plan makes of databases, by the name of the schema.
    let brought: [String: Int]
    /// The versions while programs are replaced, and once everything is done: a task may run before, and another after.
    private let between: [String: Int]
    private let planned: [String: Int]
    private let recorded: [String: Int]
    private let desired: PinnedDesired
    private let observed: Observed
    private let decisions: [Decision]
    private let decisionsOfHost: [HostName: [Decision]]
    private let starting: Set<InstancePlace>

    init(_ desired: PinnedDesired, _ observed: Observed, _ reviews: [HostReview]) {
        self.desired = desired
        self.observed = observed
        decisions = reviews.flatMap(\.decisions)
        decisionsOfHost = Dictionary(uniqueKeysWithValues: reviews.map { ($0.host, $0.decisions) })
        let begun = decisions.filter(\.startsProgram)
        starting = Set(begun.map(\.place))
        recorded = observed.schemas.compactMapValues(\.version)
        between = recorded.merging(Self.heads(begun.filter { !$0.isTaskAfter }), uniquingKeysWith: max)
        planned = between.merging(Self.heads(begun), uniquingKeysWith: max)
        brought = Self.heads(begun)
    }

    private static func heads(_ decisions: [Decision]) -> [String: Int] {
        decisions.compactMap(\.schema).reduce(into: [:]) { heads, schema in
            if let head = schema.head { heads[schema.name] = max(head, heads[schema.name] ?? head) }
        }
    }

    /// One for each service that would meet a database of another time.
    var hazards: [Hazard] {
        let begun = desired.instances.filter { starting.contains(InstancePlace($0.host, $0.address)) }.compactMap {
            instance in
            instance.instance.schema.flatMap { schema in
                misfit(schema, of: instance.address.service, [between[schema.name], planned[schema.name]])
            }.map { hazard($0, isNew: true, instance.instance.position) }
        }
        let left = staying.filter { planned[$0.schema] != recorded[$0.schema] }
            .map { hazard($0, isNew: false, nil) }
        var seen: Set<String> = []
        return (begun + left).filter { seen.insert($0.subject).inserted }
    }

    private func misfit(_ schema: SchemaPolicy?, of service: ServiceName, _ versions: [Int?]) -> Stranding? {
        guard let schema, let works = schema.works else { return nil }
        return versions.compactMap(\.self).first { !works.contains($0) }
            .map { Stranding(service: service, schema: schema.name, works: works, version: $0) }
    }

    /// What runs, is not touched, and does not work with what its database will be, by its labels.
    private var staying: [Stranding] { running.flatMap { misfits(on: $0) } }

    private var running: [HostName] { observed.hosts.keys.sorted() }

    private func misfits(on host: HostName) -> [Stranding] {
        let bound = (observed.hosts[host]?.state?.containers ?? []).filter {
            $0.identity.schema != nil && $0.isUp && $0.purpose == .instance
        }
        guard !bound.isEmpty else { return [] }
        let going = Set((decisionsOfHost[host] ?? []).filter(\.isChange).map(\.address))
        return bound.filter { !going.contains($0.identity.address) }.compactMap { container in
            let schema = container.identity.schema
            return misfit(schema, of: container.identity.address.service, [schema.flatMap { planned[$0.name] }])
        }
    }

    /// What would be stopped in the middle of a migration: a task that still runs and that nobody wants any more.
    private func cutOff(on host: HostName) -> [Notice] {
        (decisionsOfHost[host] ?? []).filter { $0.action == .remove }.flatMap(\.giving).filter(\.isUp).compactMap {
            container in
            guard let schema = container.identity.schema, schema.head != nil else { return nil }
            return .migrating(container.identity.address, schema)
        }
    }

    private func hazard(_ misfit: Stranding, isNew: Bool, _ position: SourcePosition?) -> Hazard {
        let acceptance = Acceptance(.schema, misfit.schema)
        let works = "\(isNew ? "it works" : "what runs works") with \(SchemaPolicy.text(misfit.works)) of schema"
        let isHere = misfit.version == recorded[misfit.schema]
        return Hazard(
            host: nil, kind: .schemaDiffers, subject: "service \(misfit.service)",
            detail: "\(works) '\(misfit.schema)', which "
                + (isHere ? "a release brought to \(misfit.version)" : "this plan brings to \(misfit.version)"),
            help: "deploy a build that works with \(misfit.version)"
                + (isHere
                    ? "; or, when the database is not at \(misfit.version), as after a restore: --accept \(acceptance)"
                    : " in the same plan; or go on all the same: --accept \(acceptance)"),
            position: position, acceptance: acceptance)
    }

    /// By host, the services that cannot go back when their successors fail.
    var stranded: [HostName: Set<Stranding>] {
        decisions.reduce(into: [:]) { stranded, decision in
            guard decision.isReplacement, decision.policy.failureAction == .rollback,
                let found = misfit(
                    decision.giving.last?.identity.schema, of: decision.address.service,
                    [decision.giving.last?.identity.schema.flatMap { planned[$0.name] }])
            else { return }
            stranded[decision.host, default: []].insert(found)
        }
    }

    /// By host, what should be known: programs that run and do not fit, and what hosts that were left out may know.
    var notices: [HostName: [Notice]] {
        var notices = running.reduce(into: [HostName: [Notice]]()) { notices, host in
            let unfit = misfits(on: host).filter { planned[$0.schema] == recorded[$0.schema] }
            notices[host] = Set(unfit).sorted { $0.service < $1.service }.map(Notice.unfit) + cutOff(on: host)
        }
        let silent = desired.hosts.map(\.name).filter { observed.hosts[$0]?.state == nil }
        let meant = Set(decisions.filter(\.startsProgram).compactMap(\.schema).filter { $0.works != nil }.map(\.name))
        if !silent.isEmpty, let first = decisions.first?.host {
            notices[first, default: []] += meant.sorted().map { .schemaUnseen($0, hosts: silent.count) }
        }
        return notices
    }
}

extension Plan {
    /// Does not go back where a service cannot: what goes back goes back together.
    mutating func keep(_ stranded: [HostName: Set<Stranding>], _ notices: [HostName: [Notice]]) {
        for index in hosts.indices {
            let host = hosts[index].host
            let here = (stranded[host] ?? []).sorted { $0.service < $1.service }
            hosts[index].notices += here.map(Notice.stranded) + (notices[host] ?? [])
        }
        if !stranded.isEmpty { rollouts = rollouts.map { $0.pausing } }
    }

    /// Databases of which a person said that they are at another version than recorded.
    package var forgottenSchemas: Set<String> {
        Set(accepted.compactMap(\.acceptance).filter { $0.kind == .schema }.map(\.name))
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
