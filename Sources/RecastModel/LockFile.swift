/// What an environment is pinned to: a file beside the environment's, which Recast writes and people commit.
package struct LockFile: Hashable, Sendable {
    /// What stands for one service.
    package struct Service: Hashable, Sendable {
        /// The digest of each image that it names, its own and those that it mounts; references have no digest.
        package var digests: [ImageReference: String]
        /// The hash of what the manifest says of it in every environment.
        package var base: String
        /// When it was pinned, as ISO 8601, by the clock of the machine that did it.
        package var at: String
        /// By whom: `USER@MACHINE`, as the machine says.
        package var by: String
        /// Why its pins stay as they are although a tag names something newer; `nil`: they may be renewed.
        package var hold: Hold?
        /// Where they were proven, when they were promoted.
        package var from: Provenance?

        package init(digests: [ImageReference: String], base: String, at: String, by: String) {
            self.digests = digests
            self.base = base
            self.at = at
            self.by = by
        }
    }

    /// Somebody wants no newer pin.
    package struct Hold: Hashable, Sendable {
        package var reason: String
        /// ISO 8601, by the clock of the machine that did it.
        package var at: String
        package var by: String

        package init(reason: String, at: String, by: String) {
            self.reason = reason
            self.at = at
            self.by = by
        }
    }

    /// Where pins come from that were promoted.
    package struct Provenance: Hashable, Sendable {
        package var environment: EnvironmentName
        /// The release that ran there.
        package var release: String
        /// The SHA-256 of the file with what was seen there, as `sha256:…`.
        package var evidence: String

        package init(environment: EnvironmentName, release: String, evidence: String) {
            self.environment = environment
            self.release = release
            self.evidence = evidence
        }
    }

    /// Content that must not be deployed here again.
    package struct Rejection: Hashable, Sendable {
        package var digest: String
        package var service: ServiceName
        package var reason: String
        /// ISO 8601, by the clock of the machine that did it.
        package var at: String
        package var by: String

        package init(digest: String, service: ServiceName, reason: String, at: String, by: String) {
            self.digest = digest
            self.service = service
            self.reason = reason
            self.at = at
            self.by = by
        }
    }

    /// The volume with a service's data.
    package struct Volume: Hashable, Sendable {
        package var host: HostName
        /// What tells it from any other that ever had its name.
        package var identity: String

        package init(host: HostName, identity: String) {
            self.host = host
            self.identity = identity
        }
    }

    /// As the environment's own path is reached.
    package let path: String
    package let application: ApplicationName
    package let environment: EnvironmentName
    package var services: [ServiceName: Service]
    /// By their names on the engine.
    package var volumes: [String: Volume]
    /// The oldest first.
    package var rejected: [Rejection] = []

    package init(
        path: String, application: ApplicationName, environment: EnvironmentName,
        services: [ServiceName: Service] = [:], volumes: [String: Volume] = [:]
    ) {
        self.path = path
        self.application = application
        self.environment = environment
        self.services = services
        self.volumes = volumes
    }
}

extension LockFile {
    /// Why content must not be deployed here; `nil`: it may be.
    package func rejection(of digest: String) -> Rejection? { rejected.first { $0.digest == digest } }

    /// The same without that content, unless it is on the list already.
    package mutating func reject(_ rejection: Rejection) {
        if self.rejection(of: rejection.digest) == nil { rejected.append(rejection) }
    }
}

/// What becomes of a lock file.
package struct LockUpdate: Hashable, Sendable {
    /// `nil`: there was none.
    package let before: LockFile?
    package let after: LockFile
    /// Images that could not be pinned, with the reason; then nothing is written.
    package let unresolved: [UnresolvedImage]
    /// Services that were to be renewed, and are held.
    package let held: [ServiceName]

    package init(
        before: LockFile?, after: LockFile, unresolved: [UnresolvedImage] = [], held: [ServiceName] = []
    ) {
        self.before = before
        self.after = after
        self.unresolved = unresolved
        self.held = held
    }

    package var changes: Bool { before != after }
}
