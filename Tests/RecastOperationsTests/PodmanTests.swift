import DockerAPI
import RecastHosts
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// An engine that says it is Podman.
@Suite struct PodmanTests {
    @Test func `a tag that only Podman hosts need and have not is unresolved, and the reason says why`() async throws {
        try await withSimulatedEngine(.podman) { engine in
            let plan = try await Shop(engine: engine).operations(version: 1).plan().plan
            #expect(plan.hosts.map(\.engine?.product) == [.podman])
            #expect(plan.hazards.contains { $0.kind == .imageUnresolved && $0.detail.contains("Podman cannot ask") })
        }
    }

    @Test func `a Docker host of the same environment names a tag for a Podman host`() async throws {
        try await withSimulatedEngine(.podman) { podman in
            try await withSimulatedEngine(.engine28) { docker in
                try await EngineNetwork.withNetwork { network in
                    let image = try #require(ImageReference("shop/base:1"))
                    let readers: [HostName: EngineReader] = [
                        "a": try await .connect(to: .unix(path: podman.path), over: network),
                        "b": try await .connect(to: .unix(path: docker.path), over: network),
                    ]
                    let found = try await ImageResolver(readers: readers).resolve([image: ["a"]])
                    let digest = try await readers["b"]?.distribution("shop/base:1").Descriptor.digest
                    #expect(found == [image: .digest(try #require(digest))])
                }
            }
        }
    }
}
