package import RecastModel

/// Compares what is desired with what was observed and says what to do.
///
/// Pure: no network, clock, chance or words.
package struct Planner: Sendable {
    /// What a person narrowed the plan to.
    ///
    /// Empty sets mean everything.
    package struct Scope: Hashable, Sendable {
        package var services: Set<ServiceName> = []
        package var hosts: Set<HostName> = []
        /// Those whose data is to come along from wherever it is.
        package var moves: Set<ServiceName> = []

        package init(services: Set<ServiceName> = [], hosts: Set<HostName> = []) {
            self.services = services
            self.hosts = hosts
        }

        package func contains(_ service: ServiceName) -> Bool { services.isEmpty || services.contains(service) }
        package func contains(_ host: HostName) -> Bool { hosts.isEmpty || hosts.contains(host) }
    }

    package init() {}

    /// The plan that brings `observed` to `desired`.
    ///
    /// Equal inputs give equal plans, whatever order they came in.
    ///
    /// `accepted`: dangers that a person goes on with.
    package func plan(
        _ desired: PinnedDesired, over observed: Observed, scope: Scope = Scope(), accepted: Set<Acceptance> = []
    ) -> Plan {
        let scope = scope.closed(over: desired.instances.map(\.instance))
        var plan = Plan(environment: desired.environment, application: desired.application)
        var builder = StepBuilder(desired)
        let gaps = KnownGaps(observed)
        let known = KnownFields()
        let data = DataReview(desired: desired, observed: observed, moves: scope.moves)
        let review = { (host: HostName, state: HostState, runsTasks: Bool) in
            HostReview(
                host: host, state: state, desired: desired, scope: scope, gaps: gaps, data: data, known: known,
                runsTasks: runsTasks)
        }
        let hosts = desired.hosts.map(\.name).filter(scope.contains)
        let runsTasks =
            desired.hasTasks
            && hosts.contains { host in
                observed.hosts[host]?.state.map { review(host, $0, false).changesInstances } ?? false
            }
        for host in hosts {
            guard case .reached(let state) = observed.hosts[host] else {
                plan.hosts.append(HostPlan(silent: host, observed.hosts[host]))
                continue
            }
            let review = review(host, state, runsTasks)
            plan.hosts.append(review.hostPlan)
            plan.hazards += review.hazards + data.hazards(of: review)
            plan.basis[host] = Basis.facts(of: state, on: host, for: desired, known)
            builder.add(review)
        }
        let schemas = SchemaReview(desired, observed, builder.reviews)
        plan.hazards = unresolvedImages(desired, scope) + schemas.hazards + plan.hazards
        plan.accept(accepted)
        plan.schemas = schemas.brought
        builder.build(into: &plan)
        plan.keep(schemas.stranded, schemas.notices)
        return plan
    }

    private func unresolvedImages(_ desired: PinnedDesired, _ scope: Scope) -> [Hazard] {
        let used = Set(
            desired.instances.filter { scope.contains($0.host) && scope.contains($0.address.service) }
                .flatMap(\.spec.images))
        return desired.unresolved.filter { used.contains($0.reference) }.map { image in
            Hazard(
                host: nil, kind: .imageUnresolved, subject: image.reference.short, detail: image.reason,
                help: image.help)
        }
    }
}

extension Plan {
    fileprivate mutating func accept(_ acceptances: Set<Acceptance>) {
        let isAccepted = { (hazard: Hazard) in hazard.acceptance.map(acceptances.contains) ?? false }
        accepted = hazards.filter(isAccepted)
        hazards.removeAll(where: isAccepted)
        unusedAcceptances = acceptances.subtracting(accepted.compactMap(\.acceptance)).sorted()
    }
}

extension HostPlan {
    fileprivate init(silent host: HostName, _ observation: HostObservation?) {
        let reason = if case .unreachable(let reason) = observation { reason } else { "it was not observed" }
        self.init(host: host, engine: nil, unreachable: reason)
    }
}

extension PinnedDesired {
    fileprivate var hasTasks: Bool { instances.contains { $0.instance.task != nil } }
}
