import DockerAPI
import RecastTesting
import Testing

@Suite struct DecodingTests {
    @Test func `members that nobody knows are ignored`() async throws {
        let reply =
            #"{"Id":"1","Name":"/x","New":{"a":[1]},"State":{"Status":"running","Mood":"good"},"Config":{"Odd":1}}"#
        try await withReply(200, reply) { reader in
            let live = try await reader.container("x")
            #expect(live.State?.Status == "running")
            #expect(live.Config == ContainerConfig())
        }
    }

    @Test func `members that are missing or null are nil`() async throws {
        try await withReply(200, #"{"Id":"1","Name":"/x","HostConfig":{"Binds":null,"PortBindings":{"80/tcp":null}}}"#)
        { reader in
            let live = try await reader.container("x")
            #expect(live.Config == nil)
            #expect(live.HostConfig?.Binds == nil)
            #expect(live.HostConfig?.PortBindings == ["80/tcp": nil])
        }
    }

    @Test func `a version with more members is read`() async throws {
        var configuration = EngineConfiguration.engine28
        configuration.versionExtras = ["Experimental": true, "Containerd": ["Version": "2.0"]]
        try await withClient(configuration) { _, client in
            #expect(client.reader.facts.Version == "28.5.2")
            #expect(client.reader.facts.Os == "linux")
        }
    }

    @Test func `no volumes are null on an engine and empty here`() async throws {
        try await withReply(200, #"{"Volumes":null,"Warnings":null}"#) { reader in
            let volumes = try await reader.volumes()
            #expect(volumes.isEmpty)
        }
    }

    @Test func `what an engine reports of a full container is read`() async throws {
        try await withClient { engine, client in
            try await client.pull("shop/rich", version: "1") { _ in }
            var config = ContainerConfig()
            config.Image = "shop/rich:1"
            _ = try await client.createContainer(
                named: "rich", ContainerCreate(config: config, hostConfig: HostConfig()))
            let live = try await client.reader.container("rich")
            #expect(live.Config?.Healthcheck?.Interval == 7_000_000_000)
            #expect(live.Config?.ExposedPorts?.keys.sorted() == ["53/udp", "80/tcp"])
            #expect(live.HostConfig?.ShmSize == 64 << 20)
            #expect(live.NetworkSettings?.Networks?["bridge"]?.NetworkID == "")
            let image = try await client.reader.image("shop/rich:1")
            #expect(live.Image == image?.Id)
            let listed = try await client.reader.containers()
            #expect(listed.map(\.Names) == [["/rich"]])
        }
    }

    @Test func `a registry's digest is that of the pulled image`() async throws {
        try await withClient { _, client in
            try await client.pull("shop/web", version: "1") { _ in }
            let digest = try await client.reader.distribution("shop/web:1").Descriptor.digest
            let image = try await client.reader.image("shop/web@\(digest)")
            #expect(image?.RepoDigests == ["shop/web@\(digest)"])
            #expect(image?.RepoTags == ["shop/web:1"])
        }
    }
}
