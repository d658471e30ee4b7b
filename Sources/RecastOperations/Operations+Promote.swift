import DockerAPI
import RecastHosts
import RecastManifest
package import RecastModel
import RecastPlanner

extension Operations {
    /// Looks at this environment and at the one that it is promoted into; nothing is changed.
    ///
    /// `services`: only these; all that both have, where there are none. Of those with a volume of their own, the ones
    /// that the target pins already stay as they are, unless they are named.
    ///
    /// `verify`: runs a program, and says what is wrong in a clause.
    package func promotion(
        into target: Operations, services named: Set<ServiceName>,
        verify: @Sendable (_ name: String, _ words: [String]) async throws -> String?
    ) async throws -> Promotion {
        let services = Self.promoted(named, from: desired, into: target.desired)
        async let other = target.stage()
        let (source, witnesses, answers) = try await witnessed(target.desired.promotion.probes)
        let pins = PromotionReview.pins(services, from: source.pinned, to: target.desired)
        let unavailable = try await target.unavailable(pins)
        var verified = answers
        for (name, words) in target.desired.promotion.verify.sorted(by: { $0.key < $1.key }) {
            verified.updateValue(try await verify(name, words), forKey: name)
        }
        return PromotionReview(
            from: source, to: try await other, services: services, witnesses: witnesses, unavailable: unavailable,
            verified: verified, now: Self.time
        ).promotion
    }

    private static func promoted(
        _ named: Set<ServiceName>, from source: Desired, into target: Desired
    ) -> [ServiceName] {
        guard named.isEmpty else { return named.sorted() }
        let staying = target.stateful.filter { target.lock?.services[$0] != nil }
        return source.services.union(target.services).subtracting(staying).sorted().filter {
            source.services.contains($0)
        }
    }

    private func stage() async throws -> PromotionReview.Stage {
        let history = try await history()
        return try await withFleet { fleet in try await stage(fleet, history).stage }
    }

    private func stage(
        _ fleet: Fleet, _ history: History
    ) async throws -> (stage: PromotionReview.Stage, observed: Observed) {
        var quiet = self
        quiet.asksRegistry = desired.lock == nil
        let snapshot = try await quiet.observation.snapshot(fleet)
        let stage = PromotionReview.Stage(
            desired: desired, pinned: snapshot.desired, plan: snapshot.plan, history: history)
        return (stage, snapshot.observed)
    }

    /// Also what runs, since when by the clocks of its hosts, and what was wrong with its answers.
    private func witnessed(
        _ questions: [String: PromotionGates.Question]
    ) async throws -> (PromotionReview.Stage, [Witness], [String: String?]) {
        let history = try await history()
        return try await withFleet { fleet in
            let (stage, observed) = try await stage(fleet, history)
            let clocks = try await concurrently(fleet.readers.sorted { $0.key < $1.key }, atOnce: Fleet.hostsAtOnce) {
                host, reader in (host, try? await reader.volumes(matching: "^$").now)
            }
            let now = Dictionary(uniqueKeysWithValues: clocks)
            let witnesses = observed.hosts.flatMap { host, observation in
                (observation.state?.containers ?? []).filter(\.isCurrent).map { container in
                    let started = epochSeconds(container.startedAt).flatMap { Int64($0.prefix { $0 != "." }) }
                    let clock = now[host].flatMap(\.self)
                    return Witness(container, on: host, age: started.flatMap { since in clock.map { $0 - since } })
                }
            }
            var answers: [String: String?] = [:]
            for (name, question) in questions.sorted(by: { $0.key < $1.key }) {
                answers.updateValue(try await Self.problem(asking: question, witnesses, fleet), forKey: name)
            }
            return (stage, witnesses, answers)
        }
    }

    /// What was wrong with the first bad answer; `nil`: every instance gave a good one.
    private static func problem(
        asking question: PromotionGates.Question, _ witnesses: [Witness], _ fleet: Fleet
    ) async throws -> String? {
        let asked = witnesses.filter { $0.address.service == question.service }.sorted { $0.place < $1.place }
        for witness in asked {
            guard let reader = fleet.readers[witness.host] else { continue }
            do {
                let problem = try await EngineClient(reader).problem(asking: question.probe, in: witness.container)
                if let problem { return "\(witness.place): \(problem)" }
            } catch let error as EngineError {
                return "\(witness.place): \(error.message)"
            }
        }
        return asked.isEmpty ? "no instance of '\(question.service)' runs" : nil
    }

    /// Why hosts cannot have an image: asked of the registry from which they would pull it.
    private func unavailable(
        _ pins: [ServiceName: [ImageReference: String]]
    ) async throws -> [ImageReference: String] {
        let needed = pins.reduce(into: [ImageReference: Set<HostName>]()) { needed, service in
            let hosts = desired.instances.filter { $0.address.service == service.key }.map(\.host)
            for image in service.value.keys { needed[image, default: []].formUnion(hosts) }
        }
        let digests = pins.values.reduce(into: [:]) { $0.merge($1) { $1 } }
        let logins = try await registries.logins(for: Set(needed.keys.map(\.repository)))
        return try await withFleet { fleet in
            let resolver = ImageResolver(readers: fleet.readers, logins: logins)
            var problems: [ImageReference: String] = [:]
            for (image, hosts) in needed {
                guard let digest = digests[image] else { continue }
                if let problem = try await resolver.problem(of: image.pinned(to: digest), on: hosts) {
                    problems[image] = problem
                }
            }
            return problems
        }
    }
}

extension ObservedContainer {
    /// It serves its instance, or should: neither a predecessor nor a rehearsal, and no task that is over.
    fileprivate var isCurrent: Bool {
        purpose == .instance && !InstanceName.isRetained(name) && (state != .exited || exitCode != 0)
    }
}

extension LockFile {
    /// The same with what was proven elsewhere.
    ///
    /// `evidence`: the SHA-256 of the file that says how.
    package func promoted(
        _ promotion: Promotion, bases: [ServiceName: String], evidence: String, stamp: (at: String, by: String)
    ) -> Self {
        var lock = self
        let release = promotion.release?.name ?? ""
        for (name, pins) in promotion.pins where !pins.isEmpty {
            let base = bases[name] ?? ""
            if let old = services[name], old.digests == pins, old.base == base { continue }
            var service = Service(digests: pins, base: base, at: stamp.at, by: stamp.by)
            service.from = Provenance(environment: promotion.source, release: release, evidence: evidence)
            lock.services[name] = service
        }
        return lock
    }
}
