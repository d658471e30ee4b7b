import RecastModel
import RecastTesting
import Testing

/// One service on the first host, with whatever it mounts.
enum MountedService {
    /// `version`: another image for each.
    static func desired(version: Int, _ mounts: [Mount], hosts: [HostName]) throws -> PinnedDesired {
        let digest = "sha256:" + String(repeating: "0", count: 63) + String(version)
        var spec = ContainerSpec(image: try #require(ImageReference("db:1")).pinned(to: digest))
        spec.mounts = mounts
        let host = try #require(hosts.first)
        let instance = DesiredInstance(
            host: host, address: InstanceAddress("db", slot: 1), spec: spec, position: Scenario.nowhere)
        return Scenario.pin(
            Desired(
                environment: "test", application: "app",
                hosts: hosts.map { HostDefinition(name: $0, engine: "unix:///\($0)", position: Scenario.nowhere) },
                instances: [instance], networks: [],
                volumes: mounts.compactMap(\.volume).map { DesiredVolume(host: host, key: $0, name: $0) }))
    }
}
