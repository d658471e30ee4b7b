// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// `GET /version`.
///
/// Fields keep the API's spelling.
package struct EngineVersion: Codable, Hashable, Sendable {
    package let Version: String
    package let ApiVersion: String
    package let MinAPIVersion: String?
    package let Os: String?
    package let Arch: String?
    package struct Component: Codable, Hashable, Sendable {
        package let Name: String?
    }
    /// The programs that the engine consists of, itself first.
    package let Components: [Component]?
}

/// `GET /info`, as far as it is looked at.
package struct SystemInfo: Codable, Hashable, Sendable {
    /// The engine's name for itself, kept on its disk; Podman makes up another for every answer.
    package let ID: String?
    /// Processors of the host.
    package let NCPU: Int?
    /// `1` or `2`.
    package let CgroupVersion: String?
}

/// `GET /distribution/{name}/json`: what the registry says of a reference.
package struct DistributionInspect: Codable, Hashable, Sendable {
    package struct Content: Codable, Hashable, Sendable {
        package let digest: String
        package let mediaType: String?
    }
    package struct Platform: Codable, Hashable, Sendable {
        package let os: String?
        package let architecture: String?
        package let variant: String?

        package init(os: String?, architecture: String?, variant: String?) {
            self.os = os
            self.architecture = architecture
            self.variant = variant
        }
    }
    package let Descriptor: Content
    /// Empty where the registry does not say; attestations stand among them as `unknown/unknown`.
    package let Platforms: [Platform]?
}

/// The part of `GET /info` that says what the machine is.
package struct EngineInfo: Codable, Hashable, Sendable {
    /// The kernel's name for it, such as `x86_64` or `armv7l`.
    package let Architecture: String?
}

/// `GET /images/{name}/json`.
package struct ImageInspect: Codable, Hashable, Sendable {
    package let Id: String
    package let RepoTags: [String]?
    package let RepoDigests: [String]?
    package let Os: String?
    package let Architecture: String?
    package let Variant: String?
    package let Config: ContainerConfig?
}

/// An entry of `GET /images/json`.
package struct ImageSummary: Codable, Hashable, Sendable {
    package let Id: String
    /// `nil`, empty or `<none>:<none>` without a tag.
    package let RepoTags: [String]?
    package let RepoDigests: [String]?
    /// When it was built, in seconds of the Unix epoch.
    package let Created: Int64?

    package init(Id: String, RepoTags: [String]?, RepoDigests: [String]?, Created: Int64?) {
        self.Id = Id
        self.RepoTags = RepoTags
        self.RepoDigests = RepoDigests
        self.Created = Created
    }
}

/// `{"80/tcp": {}}`: the API's way to write a set.
package struct EmptyObject: Codable, Hashable, Sendable {
    package init() {}
}
