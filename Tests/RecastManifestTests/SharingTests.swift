import RecastModel
import Testing

@testable import RecastManifest

/// What services have to do with each other on one host.
@Suite struct SharingTests {
    private static let hosts: MarkedText = """
        manifests: [../manifests/shop.yaml]
        hosts:
          a: {engine: "unix:///run/a.sock", labels: {zone: x}}
          b: {engine: "unix:///run/b.sock", labels: {zone: x}}
          c: {engine: "unix:///run/c.sock", labels: {zone: y}}
        """

    private func project(_ text: MarkedText) -> Project { Project(text, environment: Self.hosts) }

    private func spec(_ service: ServiceName, of project: Project) -> ContainerSpec? {
        project.load().desired?.instances.first { $0.address.service == service }?.spec
    }

    @Test func `namespaces are those of the instance on the same host`() {
        let made = project(
            """
            services:
              db: {image: a, deploy: {mode: global}}
              side:
                image: b
                network_mode: service:db
                pid: container:other
                volumes_from: [db:ro]
                deploy: {mode: global}
            """)
        let sharing = spec("side", of: made)?.sharing
        let owner = Sharing.Owner.instance(InstanceAddress("db", slot: 1))
        #expect(sharing?.network == owner)
        #expect(sharing?.pid == .container("other"))
        #expect(sharing?.volumes == [Sharing.Volumes(owner, readOnly: true)])
    }

    @Test func `who shares must be where the other one is`() {
        let apart = project(
            """
            services:
              db: {image: a, x-recast: {hosts: [a]}}
              side: {image: b, network_mode: service:1️⃣db, x-recast: {hosts: [b]}}
            """)
        #expect(apart.mistakes.contains("1 manifest.conflict"))
    }

    @Test func `a link and a container's name are aliases`() {
        let made = project(
            """
            services:
              db: {image: a, container_name: the-db, x-recast: {hosts: [a]}}
              web: {image: b, links: ["db:database"], x-recast: {hosts: [a]}}
            """)
        #expect(spec("db", of: made)?.networking.endpoints.first?.aliases == ["db", "database", "the-db"])
        #expect(spec("db", of: made)?.labels == ["recast.container-name": "the-db"])
        #expect(made.mistakes.isEmpty)
    }

    @Test func `what another host has is told once, with both hosts`() {
        let apart = project(
            """
            services:
              db: {image: a, x-recast: {hosts: [a]}}
              web: {image: b, depends_on: [1️⃣db], x-recast: {hosts: [b, c]}, deploy: {mode: global}}
            """)
        #expect(apart.mistakes == ["1 warning manifest.distant-service"])
        let message = apart.load().diagnostics.first { $0.severity == .warning }?.message
        #expect(message?.contains("host 'b'") == true && message?.contains("host 'a'") == true)
    }

    @Test func `a network of many hosts needs no warning`() {
        let joined = project(
            """
            services:
              db: {image: a, networks: [n], x-recast: {hosts: [a]}}
              web: {image: b, networks: [n], depends_on: [db], x-recast: {hosts: [b]}}
            networks: {n: {driver: overlay}}
            """)
        #expect(joined.mistakes.isEmpty)
    }

    @Test func `slots are spread over zones first`() {
        let made = project(
            """
            services:
              web:
                image: a
                deploy: {replicas: 4, placement: {preferences: [{spread: node.labels.zone}]}}
            """)
        let hosts = made.load().desired?.instances.map(\.host) ?? []
        #expect(hosts.count { $0 == "c" } == 2)
        #expect(Set(hosts) == ["a", "b", "c"])
    }

    @Test func `more than fit are refused`() {
        let crowded = project(
            """
            services:
              1️⃣web: {image: a, deploy: {replicas: 4, placement: {max_replicas_per_node: 1}}}
            """)
        #expect(crowded.mistakes == ["1 manifest.too-many-replicas"])
    }

    @Test func `a host that is not there is named`() {
        let wrong = project("services: {web: {image: a, x-recast: {hosts: [1️⃣d]}}}")
        #expect(wrong.mistakes.contains("1 manifest.no-matching-host"))
    }
}
