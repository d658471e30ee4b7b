import RecastManifest
import RecastModel
import Testing

/// Hashes that containers out there carry: a change here replaces nothing, but says that every one of them is outdated.
@Suite struct SpecHashTests {
    static let digest = "sha256:" + String(repeating: "a", count: 64)

    private func spec() throws -> ContainerSpec {
        ContainerSpec(image: try #require(ImageReference("shop/web:1")).pinned(to: Self.digest))
    }

    @Test func `the hash of the simplest definition stays what it is`() throws {
        let hash = Pinning.specHash(of: try spec())
        #expect(hash == "v1:sha256:10cba8aaeb863bb88663e88294e7c2116c6c5136d3511f23203e37033395acfd")
    }

    @Test func `the hash of a full definition stays what it is`() throws {
        var spec = try spec()
        spec.command = ["sleep", "1"]
        spec.environment = ["A": "1", "B": nil]
        spec.resources.memory = 64 << 20
        spec.restart = .onFailure(retries: 3)
        spec.networking.published = [PublishedPort(ContainerPort(80), hostPort: "8080")]
        spec.networking.endpoints = [Endpoint(network: "net", aliases: ["web"])]
        spec.mounts = [Mount(.volume(name: "data", noCopy: false), at: "/data")]
        spec.healthcheck = Healthcheck(test: ["CMD", "true"], interval: 1_000_000_000)
        #expect(
            Pinning.specHash(of: spec)
                == "v1:sha256:54cf629e77f3fa1d228e0deb21d2e8b23b4f885c1b1c38076d8e86b3d362c6ee")
    }

    @Test func `the hash of the rarer fields stays what it is`() throws {
        var spec = try spec()
        spec.platform = "linux/amd64"
        spec.annotations = ["a": "b"]
        spec.resources.blockIO.readRates = ["/dev/sda": 1000]
        spec.isolation.deviceRequests = [DeviceRequest(count: -1, capabilities: [["gpu"]])]
        spec.sharing.pid = .instance(InstanceAddress("db", slot: 1))
        spec.sharing.volumes = [Sharing.Volumes(.container("other"), readOnly: true)]
        var endpoint = Endpoint(network: "net")
        endpoint.macAddress = "02-42-AC-11-00-02"
        endpoint.driverOptions = ["a": "b"]
        endpoint.gatewayPriority = 1
        endpoint.interfaceName = "front0"
        endpoint.linkLocalAddresses = ["169.254.8.8"]
        spec.networking.endpoints = [endpoint]
        var mount = Mount(.volume(name: "data", noCopy: false), at: "/data")
        mount.subpath = "./a/"
        spec.mounts = [mount, Mount(.image(spec.image), at: "/image")]
        #expect(
            Pinning.specHash(of: spec) == "v1:sha256:3dce367c2172f9a016cfdce560148c44e810554269896977592496488018b01a")
    }

    @Test func `the tag is no part of the hash, the digest is`() throws {
        let image = try #require(ImageReference("shop/web:2"))
        let other = "sha256:" + String(repeating: "b", count: 64)
        let first = Pinning.specHash(of: try spec())
        #expect(first == Pinning.specHash(of: ContainerSpec(image: image.pinned(to: Self.digest))))
        #expect(first != Pinning.specHash(of: ContainerSpec(image: image.pinned(to: other))))
    }

    @Test func `saying the default changes nothing`() throws {
        var spec = try spec()
        let plain = Pinning.specHash(of: spec)
        spec.stopTimeout = 10
        spec.networking.mode = "bridge"
        spec.resources.memorySwappiness = -1
        spec.resources.pidsLimit = -1
        #expect(Pinning.specHash(of: spec) == plain)
    }
}
