/// What would change on which host, why, and by which steps.
///
/// Data only: words are made by views.
package struct Plan: Hashable, Sendable {
    package let environment: EnvironmentName
    package let application: ApplicationName
    /// In the order of the environment file.
    package var hosts: [HostPlan]
    /// In an order in which every step comes after those it waits for.
    package var steps: [Step]
    /// What steps wait for together with others.
    package var joins: [Join] = []
    /// In the order of the services.
    package var rollouts: [Rollout] = []
    /// What stops the plan from being applied.
    package var hazards: [Hazard]
    /// What would, had a person not said to go on.
    package var accepted: [Hazard] = []
    /// What a person said to go on with, and nothing in the plan is; sorted.
    package var unusedAcceptances: [Acceptance] = []
    /// Services that the lock file pins for another manifest than the one at hand, sorted.
    package var outdatedPins: [ServiceName] = []
    /// What runs is a rollback, and this plan would go on from there; `nil`: it is none.
    package var rollback: RolledBack?
    /// The versions to which it brings databases, by the name of the schema.
    package var schemas: [String: Int] = [:]
    /// The facts that the plan relied on, by host; `apply` refuses when they moved.
    package var basis: [HostName: Set<String>]

    package init(
        environment: EnvironmentName, application: ApplicationName, hosts: [HostPlan] = [], steps: [Step] = [],
        hazards: [Hazard] = [], basis: [HostName: Set<String>] = [:]
    ) {
        self.environment = environment
        self.application = application
        self.hosts = hosts
        self.steps = steps
        self.hazards = hazards
        self.basis = basis
    }

    package var changes: [Change] { hosts.flatMap(\.changes) }
    package var isEmpty: Bool { changes.isEmpty }
    package var unreachable: [HostName] { hosts.compactMap { $0.unreachable == nil ? nil : $0.host } }
    package var isApplicable: Bool { hazards.isEmpty && unreachable.isEmpty }
}

/// A release that restored an earlier one.
package struct RolledBack: Hashable, Sendable {
    package let number: Int
    package let restores: Int
    /// Whether it ended well on every host.
    package let isFinished: Bool

    /// `records`: what each host has of its newest release; `nil` when the newest of them is no rollback, or one that
    /// changed nothing.
    package init?(_ records: [ReleaseRecord]) {
        guard let latest = records.max(by: { ($0.number, $0.name) < ($1.number, $1.name) }),
            let restores = latest.origin.restores
        else { return nil }
        let outcomes = Set(records.filter { $0.name == latest.name }.map(\.outcome))
        if outcomes == [.failed] { return nil }
        number = latest.number
        self.restores = restores
        isFinished = outcomes == [.done]
    }
}

package struct HostPlan: Hashable, Sendable {
    package let host: HostName
    /// `nil` when the host did not answer.
    package let engine: EngineFacts?
    /// Why the host did not answer.
    package let unreachable: String?
    package var changes: [Change]
    package var unchanged: Int
    /// What a person should know and the plan does nothing about.
    package var notices: [Notice]
    /// What every instance that is desired could go back to once the plan is carried out.
    package var waysBack: [InstanceAddress: WayBack] = [:]

    package init(
        host: HostName, engine: EngineFacts?, unreachable: String? = nil, changes: [Change] = [],
        unchanged: Int = 0, notices: [Notice] = []
    ) {
        self.host = host
        self.engine = engine
        self.unreachable = unreachable
        self.changes = changes
        self.unchanged = unchanged
        self.notices = notices
    }
}

/// One line of a plan.
package struct Change: Hashable, Sendable {
    package enum Subject: Hashable, Sendable {
        case instance(InstanceAddress)
        case network(String)
        case volume(String)
        /// A container that is no instance.
        case container(String)
    }
    package enum Action: String, Hashable, Sendable, CaseIterable {
        case create, replace, start, rename, remove
    }

    package let host: HostName
    package let subject: Subject
    package let action: Action
    package let cause: Cause
    package let differences: [Difference]
    /// How it gives way, where it does.
    package let replacement: Replacement?

    package init(
        host: HostName, subject: Subject, action: Action, cause: Cause, differences: [Difference] = [],
        replacement: Replacement? = nil
    ) {
        self.host = host
        self.subject = subject
        self.action = action
        self.cause = cause
        self.differences = differences
        self.replacement = replacement
    }
}

package enum Cause: Hashable, Sendable {
    /// Nothing is there.
    case missing
    /// The manifest, the environment or the image changed since the container was made.
    case configuration
    /// The container changed on its host since it was made.
    case drift
    /// It is there and as desired, but does not run.
    case stopped(exitCode: Int)
    /// An earlier apply ended half-way; this finishes it.
    case unfinished
    /// No service of the manifest wants it on this host.
    case notDesired
    /// It is a task, which runs in every apply that changes something.
    case task
    /// It shares namespaces or volumes with that instance, which gets another container or is started anew.
    case shared(InstanceAddress)
    /// It comes from that host.
    case moved(from: HostName)
}

/// One field that is not as it should be, in canonical text.
///
/// Sensitive values are already gone.
package struct Difference: Hashable, Sendable {
    package let field: String
    /// What is live; `nil`: nothing.
    package let live: String?
    /// What is desired; `nil`: nothing.
    package let desired: String?
    package let isSensitive: Bool

    package init(field: String, live: String?, desired: String?, isSensitive: Bool = false) {
        self.field = field
        self.live = isSensitive ? nil : live
        self.desired = isSensitive ? nil : desired
        self.isSensitive = isSensitive
    }
}

/// Something that stops the plan until a person decides.
package struct Hazard: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case nameTaken = "name-taken"
        case networkDiffers = "network-differs"
        case networkMissing = "network-missing"
        case volumeDiffers = "volume-differs"
        case volumeForeign = "volume-foreign"
        case volumeMissing = "volume-missing"
        /// Something that this plan leaves as it is may write to it.
        case volumeInUse = "volume-in-use"
        /// Its data went to another host.
        case volumeMoved = "volume-moved"
        /// Whoever filled it ended half-way.
        case volumeIncomplete = "volume-incomplete"
        /// Another host has it, with what was written there.
        case volumeElsewhere = "volume-elsewhere"
        /// Another major version of a data store would open its data.
        case dataVersion = "data-version"
        case imageUnresolved = "image-unresolved"
        case needsNewerEngine = "needs-newer-engine"
        case imageForbidden = "image-not-here"
        /// The order asked for needs two at once of what only one can hold.
        case orderImpossible = "order-impossible"
        /// It took longer than `max_gap` when it was last replaced.
        case gapTooLong = "gap-too-long"
        /// A program would meet a database that it does not work with.
        case schemaDiffers = "schema-differs"
        /// Its engine would refuse this definition, whatever its version.
        case engineRefuses = "engine-refuses"
    }

    package let host: HostName?
    package let kind: Kind
    package let subject: String
    /// What is wrong, in one clause with the facts.
    package let detail: String
    /// The way out.
    package let help: String
    /// Where the manifest asks for it.
    package let position: SourcePosition?
    /// With what a person may go on; `nil`: it has to be mended.
    package let acceptance: Acceptance?

    package init(
        host: HostName?, kind: Kind, subject: String, detail: String, help: String, position: SourcePosition? = nil,
        acceptance: Acceptance? = nil
    ) {
        self.host = host
        self.kind = kind
        self.subject = subject
        self.detail = detail
        self.help = help
        self.position = position
        self.acceptance = acceptance
    }
}

package enum Notice: Hashable, Sendable {
    case unhealthy(InstanceAddress)
    /// The recorded hash is of another tool version or spelling; nothing real differs.
    case hashOutdated(InstanceAddress)
    /// An immutable field reads otherwise than recorded; the daemon rewrote it, or someone copied our labels.
    case unexpected(InstanceAddress, [Difference])
    /// The image has no registry digest; the host's own copy is used.
    case imageUnpinned(ImageReference)
    /// A container carries our labels but not our name and definition; it is left alone.
    case copiedLabels(name: String)
    /// A successor takes over the volumes that the engine named, at these paths.
    case unnamedKept(InstanceAddress, [String])
    /// A container goes, and the volumes that the engine named for it stay.
    case unnamedLeft(name: String, [String])
    /// What had it goes, and no service asks for it any more; it stays.
    case unclaimed(volume: String)
    /// These volumes are saved before the instance gives way.
    case backup(InstanceAddress, [String], into: String)
    /// On failure everything was to go back, and because of this nothing does.
    case stranded(Stranding)
    /// It runs, stays, and does not work with what its database is recorded to be.
    case unfit(Stranding)
    /// What goes brings a database to another version at this moment.
    case migrating(InstanceAddress, SchemaPolicy)
    /// What hosts that are not in the plan know of a database is not known.
    case schemaUnseen(String, hosts: Int)
}
