// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// An entry of `GET /containers/json`.
package struct ContainerSummary: Codable, Hashable, Sendable {
    package let Id: String
    package let Names: [String]?
    package let Image: String?
    package let ImageID: String?
    package let Labels: [String: String]?
    package let State: String?
    package let Mounts: [ContainerInspect.MountPoint]?

    package var isUp: Bool { ContainerInspect.upStates.contains(State ?? "") }
}

extension ContainerInspect {
    /// Those in which a container's processes are there, or about to be again.
    fileprivate static let upStates: Set = ["running", "paused", "restarting"]

    package var isUp: Bool { Self.upStates.contains(State?.Status ?? "") }
}

/// `GET /containers/{id}/json`.
package struct ContainerInspect: Codable, Hashable, Sendable {
    package struct RunState: Codable, Hashable, Sendable {
        package struct Health: Codable, Hashable, Sendable {
            package struct Probe: Codable, Hashable, Sendable {
                package let ExitCode: Int?
                package let Output: String?
            }
            package let Status: String?
            package let Log: [Probe]?
        }
        package let Status: String?
        package let ExitCode: Int?
        package let Error: String?
        package let OOMKilled: Bool?
        package let StartedAt: String?
        package let FinishedAt: String?
        package let Health: Health?

        /// When it ended last, in seconds of the Unix epoch, as the log's `since` wants it; `nil`: never.
        package var lastEnd: String? { FinishedAt.flatMap(epochSeconds) }
        package var lastStart: String? { StartedAt.flatMap(epochSeconds) }
    }
    package struct Network: Codable, Hashable, Sendable {
        package let Networks: [String: EndpointSettings]?
    }

    /// A mount as it came to be.
    package struct MountPoint: Codable, Hashable, Sendable {
        package let `Type`: String?
        /// Of a volume, also of one that the engine named.
        package let Name: String?
        package let Destination: String?
        package let RW: Bool?
    }

    package let Id: String
    package let Name: String
    package let Created: String?
    /// The image's ID.
    package let Image: String?
    package let State: RunState?
    package let RestartCount: Int?
    package let Config: ContainerConfig?
    package let HostConfig: HostConfig?
    package let NetworkSettings: Network?
    package let Mounts: [MountPoint]?
    /// Which of an image's manifests it was made from; from API 1.48 on, with the containerd image store.
    package let ImageManifestDescriptor: ManifestDescriptor?
}

package struct ManifestDescriptor: Codable, Hashable, Sendable {
    package let platform: DistributionInspect.Platform?
}

package struct EndpointSettings: Codable, Hashable, Sendable {
    package struct IPAM: Codable, Hashable, Sendable {
        package var IPv4Address: String?
        package var IPv6Address: String?
        package var LinkLocalIPs: [String]?
        package init(IPv4Address: String?, IPv6Address: String?, LinkLocalIPs: [String]? = nil) {
            self.IPv4Address = IPv4Address
            self.IPv6Address = IPv6Address
            self.LinkLocalIPs = LinkLocalIPs
        }
    }
    package var NetworkID: String?
    package var Aliases: [String]?
    package var IPAMConfig: IPAM?
    package var MacAddress: String?
    package var DriverOpts: [String: String]?
    package var GwPriority: Int?

    package init(Aliases: [String]?, IPAMConfig: IPAM?) {
        self.Aliases = Aliases
        self.IPAMConfig = IPAMConfig
    }
}

/// The body of `POST /containers/create`: `Config` at the top level, with the two other halves beside it.
package struct ContainerCreate: Encodable, Sendable {
    package struct Networking: Codable, Hashable, Sendable {
        package var EndpointsConfig: [String: EndpointSettings]
        package init(EndpointsConfig: [String: EndpointSettings]) { self.EndpointsConfig = EndpointsConfig }
    }
    package var config: ContainerConfig
    package var hostConfig: HostConfig
    package var networking: Networking?

    package init(config: ContainerConfig, hostConfig: HostConfig, networking: Networking? = nil) {
        self.config = config
        self.hostConfig = hostConfig
        self.networking = networking
    }

    private enum Key: String, CodingKey {
        case HostConfig, NetworkingConfig
    }

    package func encode(to encoder: any Encoder) throws {
        try config.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(hostConfig, forKey: .HostConfig)
        try container.encodeIfPresent(networking, forKey: .NetworkingConfig)
    }
}

/// The answer of `POST /containers/create`.
package struct ContainerCreated: Codable, Hashable, Sendable {
    package let Id: String
    package let Warnings: [String]?
}
