import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// What is to run for services to go back.
@Suite struct RestoringTests {
    private func desired(
        _ application: ApplicationName = "shop", image: String = "shop/web:2", hosts: [HostName] = ["a"],
        engine: String = "unix:///then"
    ) throws -> Desired {
        let instances = try hosts.map { host in
            DesiredInstance(
                host: host, address: InstanceAddress("web", slot: 1),
                spec: ContainerSpec(image: try #require(ImageReference(image))), position: Scenario.nowhere)
        }
        return Desired(
            environment: "prod", application: application,
            hosts: hosts.map { HostDefinition(name: $0, engine: engine, position: Scenario.nowhere) },
            instances: instances, networks: [], volumes: [])
    }

    private func target() throws -> RollbackTarget {
        let digest = "sha256:" + String(repeating: "1", count: 64)
        let record = ReleaseRecord(
            number: 1, name: "r", origin: ReleaseOrigin(actor: "ana", toolVersion: "1"), began: 1, outcome: .done,
            services: ["web": .init(image: "shop/web:1", digest: digest, specHash: "v1", instances: 1)])
        return try History(["a": [record]]).rollbackTarget(.number(1), of: [], [])
    }

    @Test func `it runs the recorded content, on hosts as they are reached today`() throws {
        let today = try desired(hosts: ["a", "b"], engine: "unix:///today")
        let restored = try desired().restoring(target(), today: today)
        #expect(restored.hosts == today.hosts)
        let image = try #require(restored.instances.first).spec.image
        let digest = try target().services["web"]?.digest
        #expect(image.tag == "1" && image.digest == digest)
    }

    @Test func `another application's files and a host that is gone are refused`() throws {
        #expect(throws: RollbackRefusal.anothers("store", "prod")) {
            try desired("store").restoring(target(), today: desired())
        }
        #expect(throws: RollbackRefusal.hostGone("b")) {
            try desired(hosts: ["a", "b"]).restoring(target(), today: desired())
        }
    }

    @Test func `what is left out is not waited for`() throws {
        let web = DesiredInstance(
            host: "a", address: InstanceAddress("web", slot: 1),
            spec: ContainerSpec(image: try #require(ImageReference("x:1"))),
            dependencies: [Dependency("migrate"), Dependency("db")], position: Scenario.nowhere)
        let all = Desired(
            environment: "prod", application: "shop", hosts: [], instances: [web], networks: [], volumes: [])
        #expect(all.leavingOut(["migrate"]).instances.first?.dependencies.map(\.service) == ["db"])
        #expect(all.leavingOut(["web"]).instances.isEmpty)
    }
}
