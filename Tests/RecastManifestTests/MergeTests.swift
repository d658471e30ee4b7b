import RecastManifest
import RecastModel
import Testing

/// How an environment's overrides, and further manifests, lie over a manifest.
@Suite struct MergeTests {
    /// `base` and `over` stand below `services: {web:`, over an image.
    private func merged(_ base: String, _ over: String) -> Project {
        func indented(_ text: String, by spaces: Int) -> String {
            text.split(separator: "\n").map { String(repeating: " ", count: spaces) + $0 }.joined(separator: "\n")
        }
        let declared = "\nvolumes: {data: {}}\nnetworks: {front: {}, back: {}}\n"
        let manifest = "services:\n  web:\n    image: nginx\n" + indented(base, by: 4) + declared
        let environment = Project.oneHost.text + "\noverrides:\n  services:\n    web:\n" + indented(over, by: 6) + "\n"
        return Project(
            MarkedText(stringLiteral: manifest), environment: MarkedText(stringLiteral: environment),
            files: ["manifests/a.env": "A=a\nB=a\n", "manifests/b.env": "B=b\n"])
    }

    @Test func `a scalar is replaced, and nothing keeps it`() {
        #expect(merged("hostname: a", "hostname: b").spec()?.hostname == "b")
        #expect(merged("hostname: a", "hostname:").spec()?.hostname == "a")
        #expect(merged("user: \"1\"", "image: other").spec()?.image.repository == "docker.io/library/other")
    }

    @Test func `commands are replaced, even by nothing`() {
        #expect(merged("command: a b", "command: [c]").spec()?.command == ["c"])
        #expect(merged("command: a b", "command:").spec()?.command == nil)
        #expect(merged("entrypoint: a b", "entrypoint: []").spec()?.entrypoint == [])
        #expect(
            merged("healthcheck: {test: a, retries: 2}", "healthcheck: {test: [CMD, b]}").spec()?.healthcheck
                == Healthcheck(test: ["CMD", "b"], retries: 2))
    }

    @Test func `environment and labels merge by key in any form`() {
        #expect(
            merged("environment: {A: 1, B: 2}", "environment: [B=3, C=4]").spec()?.environment
                == ["A": "1", "B": "3", "C": "4"])
        #expect(merged("environment: [A=1]", "environment: {A: }").spec()?.environment == ["A": nil])
        #expect(merged("labels: [a=1, b]", "labels: {b: 2}").spec()?.labels == ["a": "1", "b": "2"])
        #expect(
            merged("sysctls: {a: 1}", "sysctls: [a=2]").spec()?.isolation.sysctls == ["a": "2"])
    }

    @Test func `lists are appended, without what is there already`() {
        #expect(merged("cap_add: [A, B]", "cap_add: [B, C]").spec()?.isolation.capAdd == ["A", "B", "C"])
        #expect(merged("dns: 1.1.1.1", "dns: [1.1.1.1, 2.2.2.2]").spec()?.networking.dns == ["1.1.1.1", "2.2.2.2"])
        #expect(
            merged("ports: [\"80:80\"]", "ports: [\"80:80/tcp\", 81]").spec()?.networking.published.map(\.port.number)
                == [80, 81])
        #expect(merged("env_file: a.env", "env_file: [b.env]").spec()?.environment == ["A": "a", "B": "b"])
        #expect(
            merged("extra_hosts: [\"a:1.1.1.1\"]", "extra_hosts: {a: 2.2.2.2}").spec()?.networking.extraHosts
                == ["a:1.1.1.1", "a:2.2.2.2"])
    }

    @Test func `mounts and devices are replaced by their path in the container`() {
        let project = merged("volumes: [./dev:/data, \"/x:/x\"]", "volumes: [\"data:/data/\"]")
        #expect(project.mistakes.isEmpty)
        #expect(
            project.spec()?.mounts == [
                Mount(.volume(name: "test-shop_data", noCopy: false), at: "/data"),
                Mount(.bind(path: "/x", propagation: nil, selinux: "", createHostPath: true), at: "/x"),
            ])
        #expect(
            merged("devices: [\"/dev/a:/dev/x\"]", "devices: [\"/dev/b:/dev/x:r\"]").spec()?.isolation.devices
                == [.init(onHost: "/dev/b", inContainer: "/dev/x", permissions: "r")])
        #expect(merged("tmpfs: /run", "tmpfs: [/run, /tmp]").spec()?.mounts.map(\.target) == ["/run", "/tmp"])
    }

    @Test func `networks and dependencies merge by name`() {
        let made = merged("networks: [front]", "networks: {front: {aliases: [a]}, back: }").spec()
        #expect(
            made?.networking.endpoints == [
                Endpoint(network: "test-shop_back", aliases: ["web"]),
                Endpoint(network: "test-shop_front", aliases: ["web", "a"]),
            ])
    }

    @Test func `a list in an override resets the condition of a dependency`() {
        var project = Project(
            """
            services:
              web: {image: a, depends_on: {db: {condition: service_completed_successfully}}}
              db: {image: b}
            """, environment: Project.oneHost, files: ["manifests/more.yaml": "services: {web: {depends_on: [db]}}"])
        project.files[Project.environmentPath] = """
            manifests: [../manifests/shop.yaml, ../manifests/more.yaml]
            hosts: {one: {engine: "unix:///run/one.sock"}}
            """
        #expect(project.load().desired?.instances.last?.dependencies == [Dependency("db", .started)])
    }

    @Test func `logging options merge only with the same driver`() {
        let base = "logging: {driver: json-file, options: {max-size: 1m}}"
        #expect(
            merged(base, "logging: {options: {max-file: 2}}").spec()?.logging
                == LogConfiguration(driver: "json-file", options: ["max-size": "1m", "max-file": "2"]))
        #expect(
            merged(base, "logging: {driver: syslog}").spec()?.logging == LogConfiguration(driver: "syslog"))
    }

    @Test func `a limit is replaced whole`() {
        #expect(
            merged("ulimits: {nofile: {soft: 1, hard: 2}}", "ulimits: {nofile: 5}").spec()?.isolation.ulimits
                == ["nofile": .init(soft: 5, hard: 5)])
    }

    @Test func `reset takes away what the manifest says, whatever it is`() {
        #expect(merged("ports: [80]", "ports: !reset []").spec()?.networking.published == [])
        #expect(merged("environment: [A=1, B=2]", "environment: {A: !reset null}").spec()?.environment == ["B": "2"])
        #expect(
            merged("hostname: x\nprovider: {type: a}", "hostname: !reset null\nprovider: !reset {}").mistakes.isEmpty)
        #expect(merged("hostname: a", "hostname: !reset b").spec()?.hostname == nil)
    }

    @Test func `override puts a value in place of the manifest's`() {
        #expect(merged("ports: [80]", "ports: !override [81]").spec()?.networking.published.map(\.port.number) == [81])
        #expect(merged("environment: {A: 1}", "environment: !override {B: 2}").spec()?.environment == ["B": "2"])
    }

    @Test func `a mistake in an override has its place in the environment`() {
        let project = merged("ports: [80]", "ports: {a: b}")
        #expect(project.mistakes == ["environments/test.yaml:7:14 manifest.wrong-type"])
    }

    @Test func `an override can add services, networks and volumes`() {
        let project = Project(
            "services: {web: {image: nginx}}",
            environment: """
                manifests: [../manifests/shop.yaml]
                hosts: {one: {engine: "unix:///run/one.sock"}}
                overrides:
                  services: {db: {image: db, networks: [back], volumes: ["data:/data"]}}
                  networks: {back: {driver: bridge, ipam: {config: [{subnet: 10.9.0.0/24, gateway: 10.9.0.1}]}}}
                  volumes: {data: {name: shared, driver: local, driver_opts: {size: 5}}}
                """)
        let desired = project.load().desired
        #expect(desired?.instances.map(\.address.service) == ["db", "web"])
        #expect(desired?.networks.first?.pools == [.init(subnet: "10.9.0.0/24", gateway: "10.9.0.1")])
        #expect(desired?.networks.map(\.name) == ["test-shop_back", "test-shop_default"])
        #expect(desired?.volumes.map(\.name) == ["shared"])
        #expect(desired?.volumes.first?.options == ["size": "5"])
    }
}
