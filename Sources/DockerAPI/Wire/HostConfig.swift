// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// The host's half of a container's definition, the same in create and inspect.
///
/// Fields keep the API's spelling; `nil` is left out of a request.
package struct HostConfig: Codable, Hashable, Sendable {
    package struct RestartPolicy: Codable, Hashable, Sendable {
        package var Name: String?
        package var MaximumRetryCount: Int?
        package init(Name: String?, MaximumRetryCount: Int? = nil) {
            self.Name = Name
            self.MaximumRetryCount = MaximumRetryCount
        }
    }
    package struct PortBinding: Codable, Hashable, Sendable {
        package var HostIp: String?
        package var HostPort: String?
        package init(HostIp: String?, HostPort: String?) {
            self.HostIp = HostIp
            self.HostPort = HostPort
        }
    }
    package struct Log: Codable, Hashable, Sendable {
        package var `Type`: String?
        package var Config: [String: String]?
        package init(Type: String?, Config: [String: String]?) {
            self.Type = Type
            self.Config = Config
        }
    }
    package struct Ulimit: Codable, Hashable, Sendable {
        package var Name: String
        package var Soft: Int64
        package var Hard: Int64
        package init(Name: String, Soft: Int64, Hard: Int64) {
            self.Name = Name
            self.Soft = Soft
            self.Hard = Hard
        }
    }
    package struct Device: Codable, Hashable, Sendable {
        package var PathOnHost: String
        package var PathInContainer: String?
        package var CgroupPermissions: String?
        package init(PathOnHost: String, PathInContainer: String?, CgroupPermissions: String?) {
            self.PathOnHost = PathOnHost
            self.PathInContainer = PathInContainer
            self.CgroupPermissions = CgroupPermissions
        }
    }
    package struct DeviceRequest: Codable, Hashable, Sendable {
        package var Driver: String?
        package var Count: Int?
        package var DeviceIDs: [String]?
        package var Capabilities: [[String]]?
        package var Options: [String: String]?
        package init() {}
    }
    package struct DeviceWeight: Codable, Hashable, Sendable {
        package var Path: String
        package var Weight: Int
        package init(Path: String, Weight: Int) {
            self.Path = Path
            self.Weight = Weight
        }
    }
    package struct DeviceRate: Codable, Hashable, Sendable {
        package var Path: String
        package var Rate: Int64
        package init(Path: String, Rate: Int64) {
            self.Path = Path
            self.Rate = Rate
        }
    }
    package struct Mount: Codable, Hashable, Sendable {
        package struct Bind: Codable, Hashable, Sendable {
            package var Propagation: String?
            package var NonRecursive: Bool?
            package var ReadOnlyNonRecursive: Bool?
            package var ReadOnlyForceRecursive: Bool?
            package var CreateMountpoint: Bool?
            package init(Propagation: String?) { self.Propagation = Propagation }
        }
        package struct Volume: Codable, Hashable, Sendable {
            package var NoCopy: Bool?
            /// A file or folder of the volume; API 1.45 and later.
            package var Subpath: String?
            package var Labels: [String: String]?
            package init(NoCopy: Bool? = nil, Subpath: String? = nil) {
                self.NoCopy = NoCopy
                self.Subpath = Subpath
            }
        }
        package struct Image: Codable, Hashable, Sendable {
            package var Subpath: String?
            package init(Subpath: String?) { self.Subpath = Subpath }
        }
        package struct Tmpfs: Codable, Hashable, Sendable {
            package var SizeBytes: Int64?
            package var Mode: Int?
            package init(SizeBytes: Int64?, Mode: Int?) {
                self.SizeBytes = SizeBytes
                self.Mode = Mode
            }
        }
        package var `Type`: String
        package var Source: String?
        package var Target: String
        package var ReadOnly: Bool?
        package var BindOptions: Bind?
        package var VolumeOptions: Volume?
        package var TmpfsOptions: Tmpfs?
        package var ImageOptions: Image?
        package init(Type: String, Source: String? = nil, Target: String, ReadOnly: Bool? = nil) {
            self.Type = Type
            self.Source = Source
            self.Target = Target
            self.ReadOnly = ReadOnly
        }
    }

    package var Binds: [String]?
    package var Mounts: [Mount]?
    package var Tmpfs: [String: String]?
    package var PortBindings: [String: [PortBinding]?]?
    package var PublishAllPorts: Bool?
    package var NetworkMode: String?
    package var RestartPolicy: RestartPolicy?
    package var AutoRemove: Bool?
    package var LogConfig: Log?

    package var Memory: Int64?
    package var MemorySwap: Int64?
    package var MemoryReservation: Int64?
    package var MemorySwappiness: Int64?
    package var OomKillDisable: Bool?
    package var NanoCpus: Int64?
    package var CpuShares: Int64?
    package var CpuPeriod: Int64?
    package var CpuQuota: Int64?
    package var CpuRealtimePeriod: Int64?
    package var CpuRealtimeRuntime: Int64?
    package var CpusetCpus: String?
    package var CpusetMems: String?
    package var PidsLimit: Int64?
    package var BlkioWeight: Int?
    package var BlkioWeightDevice: [DeviceWeight]?
    package var BlkioDeviceReadBps: [DeviceRate]?
    package var BlkioDeviceWriteBps: [DeviceRate]?
    package var BlkioDeviceReadIOps: [DeviceRate]?
    package var BlkioDeviceWriteIOps: [DeviceRate]?

    package var Privileged: Bool?
    package var ReadonlyRootfs: Bool?
    package var CapAdd: [String]?
    package var CapDrop: [String]?
    package var SecurityOpt: [String]?
    package var MaskedPaths: [String]?
    package var ReadonlyPaths: [String]?
    package var Devices: [Device]?
    package var DeviceRequests: [DeviceRequest]?
    package var DeviceCgroupRules: [String]?
    package var GroupAdd: [String]?
    package var Sysctls: [String: String]?
    package var StorageOpt: [String: String]?
    package var Ulimits: [Ulimit]?
    package var OomScoreAdj: Int?
    package var PidMode: String?
    package var UTSMode: String?
    package var UsernsMode: String?
    package var CgroupParent: String?
    package var VolumeDriver: String?
    package var IpcMode: String?
    package var CgroupnsMode: String?
    package var Runtime: String?
    package var Init: Bool?
    package var ShmSize: Int64?
    package var Annotations: [String: String]?
    package var VolumesFrom: [String]?

    package var Dns: [String]?
    package var DnsOptions: [String]?
    package var DnsSearch: [String]?
    package var ExtraHosts: [String]?

    package init() {}
}
