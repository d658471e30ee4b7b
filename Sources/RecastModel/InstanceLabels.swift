/// What a container of ours is for.
package enum ContainerPurpose: String, Hashable, Sendable {
    case instance
    /// It tries a definition beside the container that serves the instance.
    case rehearsal
}

/// The labels by which Recast knows its own containers, networks and volumes.
///
/// They never hold an environment value or a secret: engines echo labels in lists and in every event.
package struct InstanceLabels: Hashable, Sendable {
    package static let prefix = "io.recast."

    package enum Key: String, CaseIterable, Sendable {
        case environment, application, service, slot, image
        case specHash = "spec-hash"
        case imageDigest = "image-digest"
        case toolVersion = "tool-version"
        /// On a container: the fingerprints of its files.
        case files
        /// On a container or volume: the apply that made it.
        case release
        /// On a container: the ID of the one that gives way to it.
        case replaces
        /// On a container: the paths, a line each, where it has unnamed volumes of the one before it.
        case carried
        /// On a container: what it is, unless it is an instance.
        case purpose
        /// On a volume: tells it from any other that ever had its name.
        case identity
        /// On a volume that is filled from elsewhere: tells this copy from every other.
        case incoming
        /// On a volume that came from another host: which volume it was there.
        case origin
        /// On such a volume, and on the record that one went: the other host.
        case peer
        /// On the record that a volume went: the `incoming` of the one that it became.
        case copy
        /// On the record that a volume was adopted: when that volume was made, by its host's clock; on one that it was
        /// backed up: when that was, by the clock of the machine that did it.
        case made
        /// On an empty volume: what it says of another volume, or of a lease.
        case record
        /// On such a record, and on the container through which a volume is read or filled: the volume's name.
        case volume
        /// On a volume with files, and on the container through which it is filled: the volume's name.
        case fileVolume = "file-volume"
        /// On what is said of a lease: which, whose, what for, since when, for how long, and of which process.
        case lease, holder, operation, since, lasts, process
        /// On what is said of a release: which, of what commit, why, how it ended, and to which one it went back.
        case number, commit, reason, outcome, restores
        /// On a container: with what versions of a database its program works.
        case schema

        package var name: String { InstanceLabels.prefix + rawValue }
    }

    package let environment: EnvironmentName
    package let application: ApplicationName
    package let address: InstanceAddress
    /// `v1:sha256:…`.
    package let specHash: String
    /// The reference as the manifest has it.
    package let image: String
    /// The pinned digest; empty for an image that exists on the host only.
    package let imageDigest: String
    /// With what versions of a database it works; `nil`: it does not say.
    package let schema: SchemaPolicy?

    package init(
        environment: EnvironmentName, application: ApplicationName, address: InstanceAddress, specHash: String,
        image: String, imageDigest: String, schema: SchemaPolicy? = nil
    ) {
        self.environment = environment
        self.application = application
        self.address = address
        self.specHash = specHash
        self.image = image
        self.imageDigest = imageDigest
        self.schema = schema
    }

    /// `nil` when a label is missing or makes no sense: then the container is not ours.
    package init?(_ labels: [String: String]) {
        guard let environment = labels[Key.environment.name], let application = labels[Key.application.name],
            let service = labels[Key.service.name], let slot = labels[Key.slot.name].flatMap({ Int($0) }),
            let specHash = labels[Key.specHash.name]
        else { return nil }
        self.init(
            environment: EnvironmentName(environment), application: ApplicationName(application),
            address: InstanceAddress(ServiceName(service), slot: slot), specHash: specHash,
            image: labels[Key.image.name] ?? "", imageDigest: labels[Key.imageDigest.name] ?? "",
            schema: labels[Key.schema.name].flatMap { SchemaPolicy(recorded: $0) })
    }

    package func labels(toolVersion: String) -> [String: String] {
        var labels = [
            Key.environment.name: environment.text, Key.application.name: application.text,
            Key.service.name: address.service.text, Key.slot.name: String(address.slot),
            Key.specHash.name: specHash, Key.image.name: image, Key.imageDigest.name: imageDigest,
            Key.toolVersion.name: toolVersion,
        ]
        labels[Key.schema.name] = schema?.recorded
        return labels
    }

    /// The labels of a volume besides those of its owner.
    ///
    /// `services`: who uses it, when it is made.
    package static func ofVolume(identity: String, release: String, services: [ServiceName]) -> [String: String] {
        [
            Key.identity.name: identity, Key.release.name: release,
            Key.service.name: services.map(\.text).joined(separator: ","),
        ]
    }

    /// The labels of a network or volume that belongs to an application as a whole.
    package static func ofResource(environment: EnvironmentName, application: ApplicationName) -> [String: String] {
        [Key.environment.name: environment.text, Key.application.name: application.text]
    }
}

extension [String: String] {
    /// Every key of this has the same value there.
    package func isContained(in other: Self) -> Bool { allSatisfy { other[$0.key] == $0.value } }
}
