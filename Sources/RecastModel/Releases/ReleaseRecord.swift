/// What a host's ledger has of one release.
package struct ReleaseRecord: Hashable, Sendable {
    /// What ran on that host for one service, or was to.
    package struct Service: Hashable, Sendable {
        /// As the manifest has it, without a digest.
        package let image: String
        /// Empty for an image that exists on the host only.
        package let digest: String
        package let specHash: String
        package let instances: Int
        /// With what versions of a database it works; `nil`: it does not say.
        package let schema: SchemaPolicy?

        package init(
            image: String, digest: String, specHash: String, instances: Int, schema: SchemaPolicy? = nil
        ) {
            self.image = image
            self.digest = digest
            self.specHash = specHash
            self.instances = instances
            self.schema = schema
        }
    }

    /// Counted over all hosts of the environment, from 1.
    package let number: Int
    /// The same on every host, such as `20260131T174502Z-1f3a9c`; the containers and volumes that it made carry it.
    package let name: String
    package private(set) var origin: ReleaseOrigin
    /// When it began, in seconds of the Unix epoch, by the host's clock.
    package let began: Int64
    /// How it ended on this host; `nil` while it goes on, or when whoever ran it was cut off.
    package var outcome: Outcome?
    package let services: [ServiceName: Service]
    /// The identities of the application's volumes on this host when it ended, by name.
    package var volumes: [String: String] = [:]
    /// What was known of databases after it, by the name of the schema.
    package var schemas: [String: SchemaMark] = [:]

    package init(
        number: Int, name: String, origin: ReleaseOrigin, began: Int64, outcome: Outcome? = nil,
        services: [ServiceName: Service]
    ) {
        self.number = number
        self.name = name
        self.origin = origin
        self.began = began
        self.outcome = outcome
        self.services = services
    }
}

/// Who made a release, with what and why.
package struct ReleaseOrigin: Hashable, Sendable {
    /// `USER@MACHINE`, as the machine says.
    package let actor: String
    /// What it was, such as `apply`.
    package var operation: String
    package let toolVersion: String
    /// Of the manifests, as their repository names it; ends with `-dirty` when they were changed since.
    package var commit: String?
    package var reason: String?
    /// The number of the release that a rollback went back to.
    package var restores: Int?

    package init(
        actor: String, operation: String = "apply", toolVersion: String, commit: String? = nil, reason: String? = nil
    ) {
        self.actor = actor
        self.operation = operation
        self.toolVersion = toolVersion
        self.commit = commit
        self.reason = reason
    }
}

extension ReleaseRecord {
    /// With what the names of the entries begin; a number of eight digits follows.
    package static func prefix(_ environment: EnvironmentName, _ application: ApplicationName) -> String {
        "\(LeaseLog.reserved)\(application).\(environment).rel."
    }

    /// `nil` for labels that are no entry's.
    package init?(labels: [String: String]) {
        let text = { (key: InstanceLabels.Key) in labels[key.name] }
        guard text(.record) == Self.kind, let number = text(.number).flatMap({ Int($0) }), let name = text(.release),
            let actor = text(.holder), let operation = text(.operation), let tool = text(.toolVersion),
            let began = text(.since).flatMap({ Int64($0) })
        else { return nil }
        let prefix = Self.servicePrefix
        let services = labels.compactMap { label, value -> (ServiceName, Service)? in
            guard label.hasPrefix(prefix), let service = Service(text: value) else { return nil }
            return (ServiceName(String(label.dropFirst(prefix.count))), service)
        }
        self.init(
            number: number, name: name,
            origin: ReleaseOrigin(
                actor: actor, operation: operation, toolVersion: tool, commit: text(.commit), reason: text(.reason)),
            began: began, outcome: text(.outcome).flatMap { Outcome(rawValue: $0) },
            services: Dictionary(uniqueKeysWithValues: services))
        origin.restores = text(.restores).flatMap { Int($0) }
        for (label, identity) in labels where label.hasPrefix(Self.volumePrefix) {
            volumes[String(label.dropFirst(Self.volumePrefix.count))] = identity
        }
        for (label, version) in labels where label.hasPrefix(Self.schemaPrefix) {
            schemas[String(label.dropFirst(Self.schemaPrefix.count))] = SchemaMark(text: version)
        }
    }

    package var labels: [String: String] {
        let values: [InstanceLabels.Key: String?] = [
            .record: Self.kind, .number: "\(number)", .release: name, .holder: origin.actor,
            .operation: origin.operation, .toolVersion: origin.toolVersion, .since: "\(began)",
            .commit: origin.commit, .reason: origin.reason, .outcome: outcome?.rawValue,
            .restores: origin.restores.map(String.init),
        ]
        var labels = Dictionary(uniqueKeysWithValues: values.compactMap { key, value in value.map { (key.name, $0) } })
        for (name, service) in services { labels[Self.servicePrefix + name.text] = service.text }
        for (name, identity) in volumes { labels[Self.volumePrefix + name] = identity }
        for (name, version) in schemas { labels[Self.schemaPrefix + name] = version.text }
        return labels
    }

    private static let kind = "release"
    private static let servicePrefix = InstanceLabels.Key.service.name + "."
    private static let volumePrefix = InstanceLabels.Key.volume.name + "."
    private static let schemaPrefix = InstanceLabels.Key.schema.name + "."
}

extension ReleaseRecord.Service {
    fileprivate init?(text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 4, let instances = Int(words[3]) else { return nil }
        self.init(
            image: words[0], digest: words[1] == "-" ? "" : words[1], specHash: words[2], instances: instances,
            schema: SchemaPolicy(recorded: words.dropFirst(4).joined(separator: " ")))
    }

    fileprivate var text: String {
        "\(image) \(digest.isEmpty ? "-" : digest) \(specHash) \(instances)"
            + (schema?.recorded.map { " \($0)" } ?? "")
    }
}
