import DockerAPI
import RecastHosts
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// Listing and removing volumes.
@Suite struct VolumeTests {
    private static let old = "test-shop_old"

    /// The shop, and a volume that it had once.
    private func with(_ body: (Shop, SimulatedEngine) async throws -> Void) async throws {
        try await withSimulatedEngine { engine in
            let shop = Shop(engine: engine)
            try await shop.mustApply(version: 1)
            try await withClient(of: engine) { client in
                var foreign = Volume(Name: "foreign")
                foreign.Labels = InstanceLabels.ofResource(environment: "prod", application: "shop")
                _ = try await client.createVolume(foreign)
                var old = Volume(Name: Self.old)
                let own = InstanceLabels.ofVolume(
                    identity: "i", release: "20260131T174502Z-1f3a9c", services: ["old"])
                old.Labels = InstanceLabels.ofResource(environment: "test", application: "shop").merging(own) { $1 }
                _ = try await client.createVolume(old)
            }
            try await body(shop, engine)
        }
    }

    private func withClient(of engine: SimulatedEngine, _ body: @Sendable (EngineClient) async throws -> Void)
        async throws
    {
        try await EngineNetwork.withNetwork { network in
            try await body(EngineClient(try await .connect(to: .unix(path: engine.path), over: network)))
        }
    }

    private func remove(_ name: String, _ shop: Shop, confirmed: Bool = true) async throws -> Bool {
        try await shop.operations(version: 1).removeVolume(named: name) { _ in confirmed }
    }

    @Test func `the application's volumes are listed with their users`() async throws {
        try await with { shop, _ in
            let items = try await shop.operations(version: 1).volumes().items
            #expect(items.map(\.name) == [Self.old, "test-shop_store"])
            #expect(items.map(\.isClaimed) == [false, true])
            #expect(items.map(\.users.count) == [0, 1])
            #expect(items[0].release == "20260131T174502Z-1f3a9c" && items[0].services == ["old"])
            #expect(items[1].identity?.isEmpty == false && items[1].release?.isEmpty == false)
        }
    }

    @Test func `one that nobody claims is removed once it is confirmed`() async throws {
        try await with { shop, engine in
            let isRemoved = try await remove(Self.old, shop, confirmed: false)
            #expect(!isRemoved)
            #expect(engine.snapshot.volumes.map(\.name).contains(Self.old))
            #expect(try await remove(Self.old, shop))
            #expect(!engine.snapshot.volumes.map(\.name).contains(Self.old))
        }
    }

    @Test func `what is in use, another's or unknown stays`() async throws {
        try await with { shop, engine in
            let before = engine.snapshot.volumes
            for name in ["test-shop_store", "foreign", "none"] {
                await #expect(throws: Operations.VolumeRefusal.self) { _ = try await remove(name, shop) }
            }
            #expect(engine.snapshot.volumes == before)
        }
    }

    /// The copy that went there may be gone, and another one be on its way.
    @Test func `a copy is confirmed only where the volume went`() async throws {
        try await withSimulatedEngine { engine in
            try await withClient(of: engine) { client in
                var copy = Volume(Name: "data")
                let keys = InstanceLabels.Key.self
                copy.Labels = [keys.incoming.name: "a-copy", keys.origin.name: "another"]
                _ = try await client.createVolume(copy)
                let host = EngineHost(client, environment: "test", application: "shop", toolVersion: "0.1.0")
                try await host.confirmArrival(of: "data", from: "this")
                #expect(engine.snapshot.volumes.map(\.name) == ["data"])
                try await host.confirmArrival(of: "data", from: "another")
                #expect(engine.snapshot.volumes.count == 2)
            }
        }
    }

    /// Its containers are gone, and the manifest still asks for it.
    @Test func `what the manifest asks for stays`() async throws {
        try await with { shop, engine in
            try await withClient(of: engine) { client in
                for container in engine.snapshot.containers {
                    try await client.removeContainer(container.name, anonymousVolumes: true)
                }
            }
            await #expect(throws: Operations.VolumeRefusal.claimed("test-shop_store", Shop.host)) {
                _ = try await remove("test-shop_store", shop)
            }
        }
    }
}
