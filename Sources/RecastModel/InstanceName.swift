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

    /// The container in which a definition is tried before it replaces the one that runs.
    package static func rehearsal(_ name: String) -> String { "\(name)-rehearsal" }
}

/// A predecessor that is kept, stopped, for the case that it is needed again.
///
/// Its name says so, as a container's labels cannot be changed; and it says how long the instance was away when it
/// gave way, so that the next plan knows: `BASE-previous-<first 8 of the ID>[-<gap in ms>ms]`.
extension InstanceName {
    private static let mark = "-previous-"

    /// `base`: the name of a container with that definition.
    package static func retained(_ base: String, id: String) -> String { base + mark + id.prefix(8) }

    /// `retained`: without a gap.
    package static func retained(_ retained: String, gap: Duration) -> String {
        "\(retained)-\(gap.components.seconds * 1000 + gap.components.attoseconds / 1_000_000_000_000_000)ms"
    }

    package static func isRetained(_ name: String) -> Bool { tail(of: name) != nil }

    /// How long the instance was away; `nil` when it was not measured.
    package static func gap(ofRetained name: String) -> Duration? {
        guard let words = tail(of: name)?.split(separator: "-"), words.count == 2, words[1].hasSuffix("ms") else {
            return nil
        }
        return Int(words[1].dropLast(2)).map { .milliseconds($0) }
    }

    /// What follows the mark: it may stand in the name of an application as well, so the last one counts.
    private static func tail(of name: String) -> Substring? {
        let pieces = name.split(separator: "-", omittingEmptySubsequences: false)
        guard let place = pieces.lastIndex(of: "previous"), pieces.count - place <= 3, place > 0,
            pieces.count > place + 1, pieces[place + 1].count == 8,
            pieces[place + 1].allSatisfy(\.isHexDigit)
        else { return nil }
        return name.dropFirst(pieces[...place].reduce(0) { $0 + $1.count + 1 })
    }
}
