// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// An entry of `GET /networks`, and the body of `POST /networks/create`.
package struct Network: Codable, Hashable, Sendable {
    package struct Pool: Codable, Hashable, Sendable {
        package var Subnet: String?
        package var IPRange: String?
        package var Gateway: String?
        package var AuxiliaryAddresses: [String: String]?
        package init(Subnet: String?, IPRange: String?, Gateway: String?, AuxiliaryAddresses: [String: String]?) {
            self.Subnet = Subnet
            self.IPRange = IPRange
            self.Gateway = Gateway
            self.AuxiliaryAddresses = AuxiliaryAddresses
        }
    }
    package struct Addressing: Codable, Hashable, Sendable {
        package var Driver: String?
        package var Options: [String: String]?
        package var Config: [Pool]?
        package init(Driver: String?, Options: [String: String]?, Config: [Pool]?) {
            self.Driver = Driver
            self.Options = Options
            self.Config = Config
        }
    }
    package var Id: String?
    package var Name: String
    package var Driver: String?
    package var EnableIPv6: Bool?
    package var EnableIPv4: Bool?
    package var `Internal`: Bool?
    package var Attachable: Bool?
    package var IPAM: Addressing?
    package var Options: [String: String]?
    package var Labels: [String: String]?
    /// Older engines make a second network of the same name otherwise.
    package var CheckDuplicate: Bool?

    package init(Name: String) { self.Name = Name }
}

/// An entry of `GET /volumes`, and the body of `POST /volumes/create` (which takes `DriverOpts` for `Options`).
package struct Volume: Codable, Hashable, Sendable {
    package var Name: String
    package var Driver: String?
    package var Options: [String: String]?
    package var DriverOpts: [String: String]?
    package var Labels: [String: String]?
    /// Where the daemon keeps it on the host; only in answers.
    package var Mountpoint: String?
    /// RFC 3339, whole seconds, by the host's clock; only in answers.
    package var CreatedAt: String?

    package init(Name: String) { self.Name = Name }
}

struct VolumeList: Codable {
    let Volumes: [Volume]?
}

struct DiskUsage: Codable {
    struct Volume: Codable {
        struct Usage: Codable {
            /// -1: the engine cannot tell.
            let Size: Int64
        }

        let Name: String
        let UsageData: Usage?
    }

    let Volumes: [Volume]?
}

struct NetworkCreated: Codable {
    let Id: String
}

struct NetworkConnect: Codable {
    let Container: String
    let EndpointConfig: EndpointSettings
}

struct NetworkDisconnect: Codable {
    let Container: String
}

/// The body of `POST /containers/{id}/exec`.
package struct ExecCreate: Codable, Hashable, Sendable {
    package var Cmd: [String]
    package var User: String?
    package var Privileged: Bool?
    package var WorkingDir: String?
    package var Env: [String]?
    package var AttachStdout = true
    package var AttachStderr = true

    package init(Cmd: [String]) { self.Cmd = Cmd }
}

struct ExecCreated: Codable {
    let Id: String
}

struct ExecStart: Codable {
    let Detach: Bool
    let Tty: Bool
}

struct ExecInspect: Codable {
    let ExitCode: Int?
    let Running: Bool?
}

struct ContainerUpdate: Codable {
    let RestartPolicy: HostConfig.RestartPolicy
}
