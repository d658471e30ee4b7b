import RecastManifest
import RecastModel
import Testing

/// Which instances run where, and what two of them may not share.
@Suite struct HostPlacementTests {
    private static let hosts = """
        manifests: [../manifests/shop.yaml]
        hosts:
          web-1: {engine: "unix:///run/1.sock", labels: {role: web, zone: A}}
          web-2: {engine: "unix:///run/2.sock", labels: {role: web}}
          db: {engine: "unix:///run/3.sock", labels: {role: db}}

        """

    private func project(_ manifest: MarkedText, _ lines: String = "") -> Project {
        Project(manifest, environment: MarkedText(stringLiteral: Self.hosts + lines))
    }

    private func hosts(_ constraints: String, _ deploy: String = "mode: global") -> [HostName]? {
        let manifest = "services: {web: {image: a, deploy: {\(deploy), placement: {constraints: [\(constraints)]}}}}"
        return project(MarkedText(stringLiteral: manifest)).load().desired?.instances.map(\.host)
    }

    @Test(
        arguments: [
            ("", ["db", "web-1", "web-2"]), ("node.labels.role == web", ["web-1", "web-2"]),
            ("node.labels.role != web", ["db"]), ("node.labels.zone==a", ["web-1"]),
            ("node.labels.zone != a", ["db", "web-2"]),
            ("node.hostname != db, node.labels.zone != a", ["web-2"]), ("node.role == db", ["db"]),
            ("NODE.HOSTNAME == WEB-1", ["web-1"]),
        ] as [(String, [HostName])])
    func `a global service runs once on each host that meets all constraints`(constraints: String, hosts: [HostName]) {
        #expect(self.hosts(constraints) == hosts)
    }

    @Test func `replicas are spread over matching hosts`() {
        let placed = hosts("node.labels.role == web", "replicas: 5") ?? []
        #expect(placed.count == 5)
        #expect(Set(placed) == ["web-1", "web-2"])
        #expect(abs(placed.count { $0 == "web-1" } * 2 - 5) == 1)
    }

    @Test func `slots count from one and are unique`() {
        let desired = project("services: {web: {image: a, deploy: {replicas: 7}}}").load().desired
        #expect(desired?.instances.map(\.address.slot).sorted() == Array(1...7))
        #expect(desired?.instances == desired?.instances.sorted { ($0.host, $0.address) < ($1.host, $1.address) })
    }

    @Test func `no replicas are no instances`() {
        let none = project("services: {web: {image: a, deploy: {replicas: 0}}, db: {image: b, scale: 0}}")
        #expect(none.load().desired?.instances == [])
        #expect(none.mistakes.isEmpty)
    }

    @Test func `a service that no host suits is an error that shows the hosts`() {
        let lost = project(
            "services: {web: {image: a, deploy: {placement: {constraints: [1️⃣node.labels.role == cache]}}}}")
        #expect(lost.mistakes == ["1 manifest.no-matching-host"])
        let diagnostic = lost.load().diagnostics.first
        #expect(diagnostic?.message == "no host suits 'web': node.labels.role == cache")
        #expect(diagnostic?.notes.map(\.message) == ["web-1: role=web, zone=A", "web-2: role=web", "db: role=db"])
        #expect(diagnostic?.notes.first?.position.line == 3)
    }

    @Test func `two services cannot publish one port of one host`() {
        let both = project(
            """
            services:
              a: {image: a, ports: ["80:80"], deploy: {mode: global}}
              b: {image: b, ports: [1️⃣"127.0.0.1:80:80"], deploy: {placement: {constraints: [node.hostname == db]}}}
              c: {image: c, ports: ["80:80/udp"], deploy: {mode: global}}
            """)
        #expect(both.mistakes == ["1 manifest.port-conflict"])
        #expect(both.load().diagnostics.first?.message == "'b' and 'a' both publish port 80/tcp on host 'db'")
    }

    @Test func `ports at different addresses or on different hosts do not collide`() {
        let apart = project(
            """
            services:
              a: {image: a, ports: ["127.0.0.1:80:80"], deploy: {mode: global}}
              b: {image: b, ports: ["127.0.0.2:80:80"], deploy: {mode: global}}
              c: {image: c, ports: ["81:80"], deploy: {placement: {constraints: [node.hostname == db]}}}
              d: {image: d, ports: ["81:80"], deploy: {placement: {constraints: [node.hostname == web-1]}}}
              e: {image: e, ports: [90, "9000-9010:90"], deploy: {replicas: 6}}
            """)
        #expect(apart.mistakes.isEmpty)
    }

    @Test func `a fixed port keeps replicas on hosts of their own`() {
        let spread = project("services: {web: {image: a, ports: [\"80:80\"], deploy: {replicas: 3}}}")
        #expect(spread.load().desired?.instances.map(\.host) == ["db", "web-1", "web-2"])
        let crowded = project("services: {web: {image: a, ports: [1️⃣\"80:80\"], deploy: {replicas: 4}}}")
        #expect(crowded.mistakes == ["1 manifest.too-many-replicas"])
    }

    @Test func `a volume that may be left behind is refused`() {
        let wandering = project(
            """
            services:
              1️⃣db: {image: a, volumes: ["data:/data"]}
              every: {image: a, volumes: ["data:/data"], deploy: {mode: global}}
              pinned: {image: a, volumes: ["data:/data"], deploy: {placement: {constraints: [node.hostname == db]}}}
            volumes: {data: {x-recast: {shared: true}}}
            """)
        #expect(wandering.mistakes == ["1 manifest.unpinned-volume"])
    }

    // MARK: Profiles

    private static let profiled: MarkedText = """
        services:
          web: {image: a, depends_on: {debug: {condition: service_started, required: false}}}
          debug: {image: b, profiles: [debug, test]}
        """

    @Test func `a service with profiles runs where the environment lists one`() {
        #expect(project(Self.profiled).load().desired?.instances.map(\.address.service) == ["web"])
        let all = project(Self.profiled, "profiles: [test]").load().desired?.instances
        #expect(Set(all?.map(\.address.service) ?? []) == ["web", "debug"])
        #expect(all?.first { $0.address.service == "web" }?.dependencies == [Dependency("debug")])
        #expect(project(Self.profiled).load().desired?.instances.first?.dependencies == [])
    }

    @Test func `a service that runs cannot need one that does not`() {
        let manifest: MarkedText = "services: {web: {image: a, depends_on: [1️⃣x]}, x: {image: b, profiles: [p]}}"
        #expect(project(manifest).mistakes == ["1 manifest.disabled-service"])
        #expect(project(manifest, "profiles: ['*']").mistakes == ["1 warning manifest.distant-service"])
    }

    // MARK: Order

    @Test func `the order of hosts in the file moves nothing`() {
        let manifest: MarkedText = "services: {web: {image: a, deploy: {replicas: 5}}, db: {image: b}}"
        let lines = Self.hosts.split(separator: "\n").map(String.init)
        let reversed = (lines.prefix(2) + lines.dropFirst(2).reversed()).joined(separator: "\n")
        let one = project(manifest).load().desired
        let other = Project(manifest, environment: MarkedText(stringLiteral: reversed)).load().desired
        #expect(one?.instances == other?.instances)
        #expect(one?.hosts.map(\.name) == ["web-1", "web-2", "db"])
        #expect(other?.hosts.map(\.name) == ["db", "web-2", "web-1"])
    }

    @Test func `the order of services in the file moves nothing`() {
        let one = project("services: {web: {image: a, deploy: {replicas: 5}}, db: {image: b}}").load().desired
        let other = project("services: {db: {image: b}, web: {deploy: {replicas: 5}, image: a}}").load().desired
        let placed = { (desired: Desired?) in desired?.instances.map { "\($0.host) \($0.address)" } }
        #expect(placed(one) == placed(other))
    }
}
