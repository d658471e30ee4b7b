import RecastManifest
package import RecastModel

/// Which gates a promotion passes, from everything that was looked at.
///
/// Pure: no network, clock or files.
package struct PromotionReview {
    /// One of the two environments.
    package struct Stage {
        /// Before its lock file is applied.
        package let desired: Desired
        package let pinned: PinnedDesired
        package let plan: Plan
        package let history: History

        package init(desired: Desired, pinned: PinnedDesired, plan: Plan, history: History) {
            self.desired = desired
            self.pinned = pinned
            self.plan = plan
            self.history = history
        }
    }

    private let source: Stage
    private let target: Stage
    private let services: [ServiceName]
    private let witnesses: [Witness]
    /// Why the target's registries or hosts cannot have an image.
    private let unavailable: [ImageReference: String]
    /// What each program ended with, in a clause; `nil`: it went well.
    private let verified: [String: String?]
    /// ISO 8601, in UTC.
    private let now: String

    package init(
        from source: Stage, to target: Stage, services: [ServiceName], witnesses: [Witness],
        unavailable: [ImageReference: String] = [:], verified: [String: String?] = [:], now: String
    ) {
        self.source = source
        self.target = target
        self.services = services
        self.witnesses = witnesses.filter { services.contains($0.address.service) }
        self.unavailable = unavailable
        self.verified = verified
        self.now = now
    }

    /// What the tags of the target's manifest are to be pinned to: what the source runs in their place.
    package static func pins(
        _ services: [ServiceName], from source: PinnedDesired, to target: Desired
    ) -> [ServiceName: [ImageReference: String]] {
        var pins: [ServiceName: [ImageReference: String]] = [:]
        for name in services {
            guard let proven = source.instances.first(where: { $0.address.service == name })?.spec,
                let wanted = target.instances.first(where: { $0.address.service == name })?.spec
            else { continue }
            var own = [wanted.image: proven.image.digest]
            for mount in wanted.mounts {
                guard let image = mount.image else { continue }
                own[image] = proven.mounts.first { $0.target == mount.target }?.image?.digest
            }
            pins[name] = own.compactMapValues(\.self).filter { $0.key.digest == nil }
        }
        return pins
    }

    package var promotion: Promotion {
        let pins = Self.pins(services, from: source.pinned, to: target.desired)
        return Promotion(
            source: source.desired.environment, target: target.desired.environment,
            application: target.desired.application, release: source.history.releases.first, pins: pins,
            witnesses: witnesses.sorted { ($0.host, $0.address) < ($1.host, $1.address) },
            gates: [
                order, release, state, health, soak, verify, rejected(pins), parity(pins), registry, drift, hold(pins),
                forward(pins), freeze,
            ].compactMap(\.self))
    }

    private var from: String { source.desired.environment.text }
    private var into: String { target.desired.environment.text }

    // MARK: The source

    private var order: GateResult {
        let after = target.desired.promotion.after
        guard let after, after != source.desired.environment else {
            return GateResult(
                .order,
                [after == nil ? "\(into) names no stage before it (gates: after)" : "\(into) comes after \(from)"])
        }
        return GateResult(.order, ["\(into) comes after \(after)"], failed: "promote from \(after)")
    }

    private var release: GateResult {
        guard let latest = source.history.releases.first else {
            return GateResult(.release, ["\(from) remembers no release"], failed: "recast apply \(from)")
        }
        let words = "release \(latest.number) of \(from), by \(latest.origin.actor): \(latest.result.rawValue)"
        return GateResult(
            .release, [words], failed: latest.result == .done ? nil : "bring it to an end: recast apply \(from)")
    }

    private var state: GateResult {
        if !source.plan.unreachable.isEmpty {
            let names = source.plan.unreachable.map(\.text).joined(separator: ", ")
            return GateResult(.state, ["\(names) did not answer"], failed: "make it reachable")
        }
        let changes = source.plan.hosts.filter { !$0.changes.isEmpty }
            .map { "a plan of \($0.host) has \($0.changes.count == 1 ? "a change" : "\($0.changes.count) changes")" }
        let hazards = source.plan.hazards.map { "\($0.subject): \($0.detail)" }
        guard changes.isEmpty, hazards.isEmpty else {
            return GateResult(.state, changes + hazards, failed: "what runs is not what was tried: recast plan \(from)")
        }
        return GateResult(.state, ["\(from) runs what its files say, on every host"])
    }

    private var health: GateResult {
        // What has ended well is there no more; the gate before this one sees to it that it did.
        let ending = Set(source.desired.instances.filter(\.isJob).map(\.address.service))
        let missing = services.filter { name in
            source.desired.services.contains(name) && !ending.contains(name)
                && !witnesses.contains { $0.address.service == name }
        }
        let bad =
            missing.map { "\($0) does not run" }
            + witnesses.compactMap { witness in
                if !witness.isRunning { return "\(witness.place) does not run" }
                if [.unhealthy, .starting].contains(witness.health) {
                    return "\(witness.place) is \(witness.health.rawValue)"
                }
                return witness.restarts > 0 ? "\(witness.place) restarted \(witness.restarts) times" : nil
            }
        let isStarting =
            missing.isEmpty && witnesses.allSatisfy { $0.isRunning && $0.restarts == 0 && $0.health != .unhealthy }
        let help = isStarting ? "wait until its health check has been asked" : "recast status \(from)"
        guard bad.isEmpty else { return GateResult(.health, bad, failed: help) }
        let unchecked = Set(witnesses.filter { $0.health == .none }.map(\.address.service)).sorted()
        let note = unchecked.map { "\($0) has no health check: that it runs is all that is known" }
        return GateResult(.health, ["\(witnesses.count) of \(witnesses.count) run, without a restart"] + note)
    }

    private var soak: GateResult {
        let wanted = target.desired.promotion.soak
        guard let youngest = witnesses.min(by: { ($0.age ?? 0, $0.place) < ($1.age ?? 0, $1.place) }) else {
            let isOver = services.allSatisfy { name in
                source.desired.instances.contains { $0.address.service == name && $0.isJob }
            }
            return GateResult(
                .soak, ["nothing runs"], failed: wanted > 0 && !isOver ? "recast apply \(from)" : nil)
        }
        let age = youngest.age ?? 0
        let words = "\(youngest.place) has run for \(Self.time(age)), of \(Self.time(wanted)) asked for"
        return GateResult(.soak, [words], failed: age >= wanted ? nil : "wait for \(Self.time(wanted - age))")
    }

    private var verify: GateResult? {
        guard !verified.isEmpty else { return nil }
        let words = verified.sorted { $0.key < $1.key }.map { name, problem in "\(name): \(problem ?? "passed")" }
        let hasFailed = verified.values.contains { $0 != nil }
        return GateResult(.verify, words, failed: hasFailed ? "repair what it checks, and promote again" : nil)
    }

    // MARK: The target

    private func rejected(_ pins: [ServiceName: [ImageReference: String]]) -> GateResult {
        let digests = Set(pins.values.flatMap(\.values))
        let lists = [source, target].map { ($0.desired.environment, $0.desired.lock?.rejected ?? []) }
        let found = lists.flatMap { environment, list in
            list.filter { digests.contains($0.digest) }.map {
                "\($0.digest.prefix(19)) of \($0.service) was rejected in \(environment) by \($0.by): \($0.reason)"
            }
        }
        return found.isEmpty
            ? GateResult(.rejected, ["nothing of it was rejected"])
            : GateResult(.rejected, found, failed: "promote another build")
    }

    private func parity(_ pins: [ServiceName: [ImageReference: String]]) -> GateResult {
        let problems = services.flatMap { name -> [String] in
            guard let before = source.desired.instances.first(where: { $0.address.service == name })?.spec else {
                return ["\(name) is not in \(from)"]
            }
            guard let after = target.desired.instances.first(where: { $0.address.service == name })?.spec else {
                return ["\(name) is not in \(into)"]
            }
            let open = after.images.filter { $0.digest == nil && pins[name]?[$0] == nil }
            return Parity.problems(before, after).map { "\(name): \($0) in \(into)" }
                + open.map { "\(name): \(from) runs nothing in the place of \($0.short)" } + digests(name, after)
        }
        guard problems.isEmpty else {
            return GateResult(
                .parity, problems,
                failed: "make both alike, each with values of its own; or promote some services with --service")
        }
        return GateResult(
            .parity,
            ["\(into) has every variable and mount, and runs the same programs"] + staying)
    }

    /// What both have, and does not go along.
    private var staying: [String] {
        let names = target.desired.services.intersection(source.desired.services).subtracting(services)
        let pins = Self.pins(names.sorted(), from: source.pinned, to: target.desired)
        return names.sorted().compactMap { name in
            let locked = target.desired.lock?.services[name]?.digests ?? [:]
            guard let pins = pins[name], pins != locked else { return nil }
            return "\(name) stays as \(into) pins it; --service \(name) takes it along"
        }
    }

    /// What the target's manifest names by content.
    private func digests(_ name: ServiceName, _ spec: ContainerSpec) -> [String] {
        guard let own = spec.image.digest,
            let proven = source.pinned.instances.first(where: { $0.address.service == name })?.spec.image.digest
        else { return [] }
        return own == proven
            ? [] : ["\(name): the manifest names \(own.prefix(19)), and \(from) runs \(proven.prefix(19))"]
    }

    private var registry: GateResult {
        guard unavailable.isEmpty else {
            let words = unavailable.sorted { $0.key < $1.key }.map { "\($0.key.short): \($0.value)" }
            return GateResult(.registry, words, failed: "copy the image to that registry, unchanged")
        }
        return GateResult(.registry, ["every image is where \(into) pulls it from, for its machines"])
    }

    private var drift: GateResult {
        if !target.plan.unreachable.isEmpty {
            let names = target.plan.unreachable.map(\.text).joined(separator: ", ")
            return GateResult(.target, ["\(names) did not answer"], failed: "make it reachable")
        }
        let drifted = target.plan.hosts.flatMap { host in
            host.changes.filter { $0.cause == .drift }.compactMap { change -> String? in
                guard case .instance(let address) = change.subject else {
                    return "something on \(host.host) was changed there"
                }
                return "\(address) on \(host.host) was changed there"
            }
        }
        return drifted.isEmpty
            ? GateResult(.target, ["nothing was changed on the hosts of \(into)"])
            : GateResult(.target, drifted, failed: "put it right first: recast plan \(into)")
    }

    private func hold(_ pins: [ServiceName: [ImageReference: String]]) -> GateResult {
        let held = services.compactMap { name -> String? in
            guard let locked = target.desired.lock?.services[name], let hold = locked.hold,
                Set(pins[name]?.values.map(\.self) ?? []) != Set(locked.digests.values)
            else { return nil }
            return "\(name) is held by \(hold.by) since \(hold.at.prefix(10)): \(hold.reason)"
        }
        return held.isEmpty
            ? GateResult(.hold, ["nothing is held"])
            : GateResult(.hold, held, failed: "recast lock \(into) --unhold SERVICE, once it may go on")
    }

    /// What ran there before and is not what runs now is older.
    private func forward(_ pins: [ServiceName: [ImageReference: String]]) -> GateResult {
        let current = target.history.current
        let back = services.compactMap { name -> String? in
            guard let own = target.desired.instances.first(where: { $0.address.service == name })?.spec.image,
                let digest = pins[name]?[own], let now = current[name], !now.contains(where: { $0.digest == digest }),
                let old = target.history.releases.first(where: { release in
                    release.images[name]?.contains { $0.digest == digest } ?? false
                })
            else { return nil }
            return "\(name) ran it in release \(old.number) already, and runs something newer"
        }
        return back.isEmpty
            ? GateResult(.forward, ["nothing goes backwards"])
            : GateResult(.forward, back, failed: "going back is 'recast rollback \(into)'")
    }

    private var freeze: GateResult {
        let holding = target.desired.promotion.freeze.filter { $0.holds(at: now) }
        guard let freeze = holding.max(by: { $0.until < $1.until }) else {
            return GateResult(.freeze, ["nothing is frozen"])
        }
        return GateResult(
            .freeze,
            holding.map { "frozen until \($0.until): \($0.reason.isEmpty ? "no reason is given" : $0.reason)" },
            failed: "wait until \(freeze.until)")
    }

    private static func time(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        default: "\(seconds / 3600) h \(seconds / 60 % 60) min"
        }
    }
}

extension Witness {
    var place: String { "\(address) on \(host)" }
}
