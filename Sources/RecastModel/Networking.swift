package enum TransportProtocol: String, Hashable, Sendable, Comparable, CaseIterable {
    case tcp, udp, sctp
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// A port inside a container.
package struct ContainerPort: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let number: Int
    package let proto: TransportProtocol

    package init(_ number: Int, _ proto: TransportProtocol = .tcp) {
        self.number = number
        self.proto = proto
    }

    package var description: String { "\(number)/\(proto.rawValue)" }
    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.number, lhs.proto) < (rhs.number, rhs.proto)
    }
}

/// A container port published on the host.
package struct PublishedPort: Hashable, Sendable {
    package let port: ContainerPort
    /// `""`: every address, v4 and v6.
    ///
    /// Not the same as `0.0.0.0`.
    package let hostAddress: String
    /// A number, a range such as `8000-8010` to choose from, or `""` for any free port.
    package let hostPort: String

    package init(_ port: ContainerPort, hostAddress: String = "", hostPort: String = "") {
        self.port = port
        self.hostAddress = hostAddress
        self.hostPort = hostPort
    }
}

/// A container's place on one network.
package struct Endpoint: Hashable, Sendable {
    /// The network's name on the engine.
    package var network: String
    /// The engine's ID, known for what was observed only.
    package var networkID: String?
    package var aliases: [String]
    package var ipv4Address: String?
    package var ipv6Address: String?
    package var linkLocalAddresses: [String] = []
    /// Below API 1.44 an engine takes that of the first network only.
    package var macAddress: String?
    package var driverOptions: [String: String] = [:]
    /// The network with the highest one has the default route; other than 0 needs API 1.48.
    package var gatewayPriority = 0
    /// What the interface is called in the container; needs API 1.49.
    package var interfaceName: String?

    package init(
        network: String, networkID: String? = nil, aliases: [String] = [], ipv4Address: String? = nil,
        ipv6Address: String? = nil
    ) {
        self.network = network
        self.networkID = networkID
        self.aliases = aliases
        self.ipv4Address = ipv4Address
        self.ipv6Address = ipv6Address
    }
}

package struct Networking: Hashable, Sendable {
    /// `""`, `default` and `bridge` are one; else `none`, `host` or the name of the first network.
    package var mode = ""
    /// Of a container on the default bridge; others have it at their endpoint.
    package var macAddress: String?
    /// Empty for `none`, `host` and the default bridge.
    package var endpoints: [Endpoint] = []
    package var exposed: Set<ContainerPort> = []
    package var published: [PublishedPort] = []
    package var publishAll = false
    package var dns: [String] = []
    package var dnsSearch: [String] = []
    package var dnsOptions: [String] = []
    /// `host:ip`, as the engine takes them.
    package var extraHosts: [String] = []

    package init() {}
}
