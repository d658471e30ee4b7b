import RecastModel

/// Decides about one desired instance from the containers that carry its labels.
struct InstanceReview {
    let instance: PinnedInstance
    let candidates: [ObservedContainer]
    let state: HostState
    let known: KnownFields
    /// What is decided about the instances with which it shares something.
    var owners = SharedOwners()
    /// Whether something changes, so that a task runs again.
    var runsTasks = false

    /// Predecessors that are kept are no candidates: what is wanted again is made anew.
    func decision() -> Decision {
        var decision = decision(among: candidates.filter { !$0.isRetained })
        decision.retained = candidates.filter(\.isRetained).sorted {
            ($0.startedAt, $0.createdAt, $0.id) < ($1.startedAt, $1.createdAt, $1.id)
        }
        return decision
    }

    private func decision(among candidates: [ObservedContainer]) -> Decision {
        let judged = candidates.map { (container: $0, verdict: verdict(on: $0)) }
        let good = judged.filter { $0.verdict.isAsDesired }
        if let current = good.max(by: { isWorse($0.container, $1.container) }) {
            let others = candidates.filter { $0.id != current.container.id }
            return task(current.container, others) ?? keepOrFinish(current.container, current.verdict, others: others)
        }
        guard let predecessor = judged.max(by: { isWorse($0.container, $1.container) }) else {
            let image = Difference(field: "image", live: nil, desired: ImageIdentity.described(instance.spec.image))
            return decide(.create, .missing, [image])
        }
        let predecessors = candidates.filter { $0.id != predecessor.container.id } + [predecessor.container]
        return decide(
            .replace(predecessors: predecessors), predecessor.verdict.cause, predecessor.verdict.differences)
    }

    private func decide(
        _ work: Decision.Work, _ cause: Cause, _ differences: [Difference] = [], notices: [Notice] = []
    ) -> Decision {
        Decision(
            host: instance.host, address: instance.address, instance: instance, work: work, cause: cause,
            differences: differences, notices: notices)
    }

    /// A task runs anew in every apply that changes something; one that still runs from an earlier apply is waited
    /// for, and one that failed is never started again in the same container.
    private func task(_ current: ObservedContainer, _ others: [ObservedContainer]) -> Decision? {
        guard instance.instance.task != nil else { return nil }
        if current.isUp {
            return runsTasks ? decide(.finish(current: current, predecessors: others), .unfinished) : nil
        }
        if current.startedAt.isEmpty { return nil }
        let again = Decision.Work.replace(predecessors: others + [current])
        if !current.isCompleted { return decide(again, .stopped(exitCode: current.exitCode)) }
        return runsTasks ? decide(again, .task) : nil
    }

    private func isRunningOrDone(_ container: ObservedContainer) -> Bool {
        container.isUp || instance.instance.isJob && container.isCompleted
    }

    /// One that runs is better than one that does not, the right name better than another, the newer better.
    private func isWorse(_ lhs: ObservedContainer, _ rhs: ObservedContainer) -> Bool {
        let rank = { (container: ObservedContainer) in
            (isRunningOrDone(container) ? 1 : 0, container.name == instance.containerName ? 1 : 0)
        }
        let (left, right) = (rank(lhs), rank(rhs))
        return left != right ? left < right : (lhs.createdAt, lhs.id) < (rhs.createdAt, rhs.id)
    }

    private func keepOrFinish(
        _ current: ObservedContainer, _ verdict: Verdict, others: [ObservedContainer]
    ) -> Decision {
        guard isRunningOrDone(current) else {
            if !others.isEmpty {
                return decide(.finish(current: current, predecessors: others), .unfinished)
            }
            let cause = current.startedAt.isEmpty ? Cause.unfinished : .stopped(exitCode: current.exitCode)
            return decide(.start(current), cause)
        }
        if others.contains(where: { !$0.startedAt.isEmpty }), current.isUp {
            return decide(.finish(current: current, predecessors: others), .unfinished)
        }
        if !others.isEmpty { return decide(.retire(current: current, leftovers: others), .unfinished) }
        if current.name != instance.containerName {
            let difference = Difference(field: "name", live: current.name, desired: instance.containerName)
            return decide(.rename(current), .drift, [difference])
        }
        return decide(.keep(current), .missing, notices: notices(on: current, verdict))
    }

    private func notices(on container: ObservedContainer, _ verdict: Verdict) -> [Notice] {
        var notices: [Notice] = []
        if container.health == .unhealthy { notices.append(.unhealthy(instance.address)) }
        if !verdict.unexpected.isEmpty { notices.append(.unexpected(instance.address, verdict.unexpected)) }
        if container.identity.specHash != instance.specHash { notices.append(.hashOutdated(instance.address)) }
        return notices
    }
}

// MARK: - Verdict

extension InstanceReview {
    struct Verdict {
        /// What calls for a replacement.
        var differences: [Difference] = []
        /// What cannot differ as long as the hash holds, and so is not acted on.
        var unexpected: [Difference] = []
        var cause = Cause.configuration

        var isAsDesired: Bool { differences.isEmpty }
    }

    /// The recorded hash is the last applied definition: when it is the desired one, what differs now is drift.
    func verdict(on container: ObservedContainer) -> Verdict {
        let isRecorded = container.identity.specHash == instance.specHash
        var verdict = Verdict(cause: isRecorded ? .drift : .configuration)
        let image = isRecorded ? nil : ImageIdentity.difference(instance, container, on: state)
        // What another image passes on follows from the image; only what the manifest itself says is shown beside it.
        let reference = image == nil ? instance.spec.image.exact : container.imageID
        var found = fieldDifferences(container, image: state.images[reference] ?? state.images[container.imageID])
        if isRecorded {
            verdict.unexpected = found.filter { !FieldRules.isMutable($0) }
            found.removeAll { !FieldRules.isMutable($0) }
            if let owner = owners.renewed(in: instance.spec.sharing), found.allSatisfy(FieldRules.isReference) {
                verdict.cause = .shared(owner)
            }
        } else if state.engine.product == .podman, image == nil, found.isEmpty {
            // What changed is a field that Podman does not give back.
            found = [
                Difference(field: "definition", live: container.identity.specHash, desired: instance.specHash)
            ]
        }
        verdict.differences = (image.map { [$0] } ?? []) + found
        return verdict
    }

    /// It is what the instance should be, to the last field.
    func isDesired(_ container: ObservedContainer) -> Bool {
        let verdict = verdict(on: container)
        return verdict.isAsDesired && verdict.unexpected.isEmpty && container.identity.specHash == instance.specHash
    }

    private func liveFields(of container: ObservedContainer) -> Fields {
        if container.shares {
            return Comparison.live(container, networks: state.networks, on: state.engine, context(of: container))
        }
        var fields = known.live(container, in: state, of: instance.host)
        let platform = platform(of: container)
        fields["platform"] = platform.isEmpty ? nil : platform
        return fields
    }

    private func platform(of container: ObservedContainer) -> String {
        container.platform.isEmpty ? state.images[container.imageID]?.platform ?? "" : container.platform
    }

    private func context(of container: ObservedContainer) -> Comparison.Context {
        var known = owners.ids(for: container)
        for owner in instance.spec.sharing.owners {
            if case .container(let name) = owner, let id = state.foreignContainers[name] { known[owner] = id }
        }
        return Comparison.Context(owners: known, platform: platform(of: container))
    }

    private func fieldDifferences(_ container: ObservedContainer, image: ObservedImage?) -> [Difference] {
        var found = Comparison.differences(
            expected: known.expected(instance, image: image, on: state.engine),
            live: liveFields(of: container),
            on: state.engine,
            sensitive: instance.spec.sensitive, secrets: instance.spec.secrets)
        if [.paused, .dead, .removing].contains(container.state) {
            found.append(Difference(field: "state", live: container.state.rawValue, desired: "running"))
        }
        return found
    }
}
