/// What must hold before something is promoted into an environment.
package struct PromotionGates: Hashable, Sendable {
    /// The environment that comes before; `nil`: any may.
    package var after: EnvironmentName?
    /// Seconds for which what is promoted must have run.
    package var soak: Int64 = 0
    /// Programs on the machine of whoever promotes, each with its arguments, by name; each must end with 0.
    package var verify: [String: [String]] = [:]
    /// What is asked inside every instance of a service of the source, by name.
    package var probes: [String: Question] = [:]
    /// When nothing is promoted.
    package var freeze: [Freeze] = []

    package struct Question: Hashable, Sendable {
        package let probe: Probe
        package let service: ServiceName
        /// Where the service is named.
        package let position: SourcePosition

        package init(_ probe: Probe, to service: ServiceName, position: SourcePosition) {
            self.probe = probe
            self.service = service
            self.position = position
        }
    }

    package struct Freeze: Hashable, Sendable {
        /// ISO 8601, in UTC: a day, or a second.
        package let from: String
        /// The first moment at which it does not hold any more.
        package let until: String
        package let reason: String

        package init(from: String, until: String, reason: String) {
            self.from = from
            self.until = until
            self.reason = reason
        }

        /// `now`: ISO 8601, in UTC.
        package func holds(at now: String) -> Bool { from <= now && now < until }
    }

    package init() {}
}

/// One gate of a promotion, and what was seen.
package struct GateResult: Hashable, Sendable {
    package enum Name: String, CaseIterable, Hashable, Sendable {
        case order, release, state, health, soak, verify, rejected, parity, registry, target, hold, forward, freeze
    }

    package let gate: Name
    /// In clauses.
    package let evidence: [String]
    /// What would make it pass; `nil`: it passed.
    package let help: String?

    package init(_ gate: Name, _ evidence: [String], failed help: String? = nil) {
        self.gate = gate
        self.evidence = evidence
        self.help = help
    }

    package var passed: Bool { help == nil }
}

/// A container that ran what is promoted.
package struct Witness: Hashable, Sendable {
    package let host: HostName
    package let address: InstanceAddress
    package let container: String
    package let digest: String
    package let health: ObservedContainer.Health
    package let restarts: Int
    /// Seconds since it started, by the host's clock; `nil`: not known.
    package let age: Int64?
    package let isRunning: Bool

    package init(_ container: ObservedContainer, on host: HostName, age: Int64?) {
        self.host = host
        address = container.identity.address
        self.container = container.id
        digest = container.identity.imageDigest
        health = container.health
        restarts = container.restartCount
        isRunning = container.state == .running
        self.age = age
    }
}

/// What would be promoted, and whether it may be.
package struct Promotion: Hashable, Sendable {
    package let source: EnvironmentName
    package let target: EnvironmentName
    package let application: ApplicationName
    /// The one that runs in the source; `nil`: none is known.
    package let release: Release?
    /// By the tags of the target's manifest.
    package let pins: [ServiceName: [ImageReference: String]]
    package let witnesses: [Witness]
    package let gates: [GateResult]

    package init(
        source: EnvironmentName, target: EnvironmentName, application: ApplicationName, release: Release?,
        pins: [ServiceName: [ImageReference: String]], witnesses: [Witness], gates: [GateResult]
    ) {
        self.source = source
        self.target = target
        self.application = application
        self.release = release
        self.pins = pins
        self.witnesses = witnesses
        self.gates = gates
    }

    package var passed: Bool { gates.allSatisfy(\.passed) }
}
