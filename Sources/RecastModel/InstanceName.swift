/// The names of containers: a function of what they are, so that creating one twice is a conflict and harmless.
package enum InstanceName {
    /// `ENV-APP-SERVICE-SLOT-<first 8 of the spec hash>`.
    package static func name(
        environment: EnvironmentName, application: ApplicationName, address: InstanceAddress, specHash: String
    ) -> String {
        let digits = specHash.split(separator: ":").last ?? ""
        return "\(environment)-\(application)-\(address.service)-\(address.slot)-\(digits.prefix(8))"
    }

    package static func name(for identity: InstanceLabels) -> String {
        name(
            environment: identity.environment, application: identity.application, address: identity.address,
            specHash: identity.specHash)
    }

    /// The name that a predecessor gets when its successor has the same definition and so the same name.
    package static func setAside(_ name: String, id: String) -> String { "\(name)-old-\(id.prefix(8))" }

    /// The name of a stopped predecessor that is kept for a way back: `BASE-previous-<first 8 of its ID>`.
    ///
    /// How long its instance was away may stand behind it: `-1830ms`.
    package static func retained(_ base: String, id: String) -> String { "\(base)-\(retainedMark)-\(id.prefix(8))" }

    /// `retained`: without a gap.
    package static func retained(_ retained: String, gap: Duration) -> String {
        let (seconds, attoseconds) = gap.components
        return "\(retained)-\(seconds * 1000 + attoseconds / 1_000_000_000_000_000)ms"
    }

    /// The container in which a definition is tried before it replaces the one that runs.
    package static func rehearsal(_ name: String) -> String { "\(name)-rehearsal" }

    package static func isRetained(_ name: String) -> Bool { split(retained: name) != nil }

    /// How long the instance was away when this predecessor gave way; `nil` when that was not measured.
    package static func gap(ofRetained name: String) -> Duration? {
        split(retained: name)?.gap.map { .milliseconds($0) }
    }

    private static let retainedMark = "previous"

    /// Parts from the end, because a service may be called `previous`.
    private static func split(retained name: String) -> (id: Substring, gap: Int64?)? {
        var parts = name.split(separator: "-", omittingEmptySubsequences: false)
        var gap: Int64?
        if let last = parts.last, last.hasSuffix("ms"), let milliseconds = Int64(last.dropLast(2)), milliseconds >= 0 {
            gap = milliseconds
            parts.removeLast()
        }
        guard let id = parts.popLast(), (1...8).contains(id.count), parts.popLast() == retainedMark[...],
            !parts.isEmpty
        else { return nil }
        return (id, gap)
    }
}
