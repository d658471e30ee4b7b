import RecastManifest
import RecastModel
import Testing

@Suite struct NetworkTests {
    private func networking(_ lines: String, declared: String = "{}") -> Networking? {
        let base = project(lines).files[Project.manifestPath]?.text ?? ""
        return Project(MarkedText(stringLiteral: base + "networks: \(declared)\n")).spec()?.networking
    }

    @Test func `a service without networks is on the default one, by its name`() {
        let made = networking("hostname: x")
        #expect(made?.mode == "test-shop_default")
        #expect(made?.endpoints == [Endpoint(network: "test-shop_default", aliases: ["web"])])
        #expect(networking("networks: []")?.mode == "test-shop_default")
        #expect(networking("hostname: x", declared: "{default: {name: mine}}")?.mode == "mine")
    }

    @Test func `the default network is made only where it is used`() {
        let declared = "networks: {front: {}, unused: {}}"
        let text = "services: {web: {image: a, networks: [front]}, job: {image: b, network_mode: none}}\n" + declared
        let desired = Project(MarkedText(stringLiteral: text)).load().desired
        #expect(desired?.networks.map(\.key) == ["front"])
    }

    @Test(arguments: ["host", "none", "bridge"])
    func `a mode of the engine's own has no endpoints`(mode: String) {
        let made = networking("network_mode: \(mode)")
        #expect(made?.mode == mode)
        #expect(made?.endpoints == [])
    }

    @Test func `the network with the highest priority comes first, then the name decides`() {
        let made = networking(
            "networks: {b: {priority: 5, ipv4_address: 10.0.0.5}, a: , c: {priority: 9, aliases: [z, y, web, z]}}",
            declared: "{a: {}, b: {}, c: {external: true, name: shared}}")
        #expect(made?.mode == "shared")
        #expect(
            made?.endpoints == [
                Endpoint(network: "shared", aliases: ["web", "y", "z"]),
                Endpoint(network: "test-shop_b", aliases: ["web"], ipv4Address: "10.0.0.5"),
                Endpoint(network: "test-shop_a", aliases: ["web"]),
            ])
    }

    @Test func `an external network keeps its name in both spellings`() {
        for declared in ["{a: {external: true}}", "{a: {external: {name: a}}}", "{a: {external: true, name: a}}"] {
            #expect(networking("networks: [a]", declared: declared)?.mode == "a")
        }
    }

    @Test func `ports in every form are published and exposed`() {
        let made = networking(
            """
            ports:
              - 80
              - "8081:81/udp"
              - "127.0.0.1:8082:82"
              - "9000-9001:90-91"
              - "7000-7009:70"
              - {target: 60, published: "6000", host_ip: "::1", protocol: TCP, mode: host}
            expose: [5000, "5001-5002/udp"]
            """)
        #expect(
            made?.published == [
                PublishedPort(ContainerPort(80)), PublishedPort(ContainerPort(81, .udp), hostPort: "8081"),
                PublishedPort(ContainerPort(82), hostAddress: "127.0.0.1", hostPort: "8082"),
                PublishedPort(ContainerPort(90), hostPort: "9000"), PublishedPort(ContainerPort(91), hostPort: "9001"),
                PublishedPort(ContainerPort(70), hostPort: "7000-7009"),
                PublishedPort(ContainerPort(60), hostAddress: "::1", hostPort: "6000"),
            ])
        #expect(
            made?.exposed.sorted().map(\.description) == [
                "60/tcp", "70/tcp", "80/tcp", "81/udp", "82/tcp", "90/tcp", "91/tcp", "5000/tcp", "5001/udp",
                "5002/udp",
            ])
    }

    @Test func `one port in two forms is one port`() {
        let made = networking("ports: [\"80:80\", \"80:80/tcp\", {target: 80, published: 80}]")
        #expect(made?.published == [PublishedPort(ContainerPort(80), hostPort: "80")])
    }

    @Test func `the widest range of ports is read at once`() {
        let clock = ContinuousClock()
        var published = 0
        let time = clock.measure { published = networking("ports: [\"1-65535:1-65535\"]")?.published.count ?? 0 }
        #expect(published == 65535)
        #expect(time < .seconds(60))
    }

    @Test func `name service settings are taken over`() {
        let made = networking(
            """
            dns: [1.1.1.1]
            dns_search: example.com
            dns_opt: [ndots:2]
            extra_hosts: ["a=1.1.1.1", "b:::1", "c=[::1]", "d:host-gateway"]
            """)
        #expect(made?.dns == ["1.1.1.1"])
        #expect(made?.dnsSearch == ["example.com"])
        #expect(made?.dnsOptions == ["ndots:2"])
        #expect(made?.extraHosts == ["a:1.1.1.1", "b:::1", "c:::1", "d:host-gateway"])
    }
}
