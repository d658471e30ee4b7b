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

        package init(digests: [ImageReference: String], base: String, at: String, by: String) {
            self.digests = digests
            self.base = base
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

/// What becomes of a lock file.
package struct LockUpdate: Hashable, Sendable {
    /// `nil`: there was none.
    package let before: LockFile?
    package let after: LockFile
    /// Images that could not be pinned, with the reason; then nothing is written.
    package let unresolved: [UnresolvedImage]

    package init(before: LockFile?, after: LockFile, unresolved: [UnresolvedImage]) {
        self.before = before
        self.after = after
        self.unresolved = unresolved
    }

    package var changes: Bool { before != after }
}
