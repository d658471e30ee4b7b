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
}
