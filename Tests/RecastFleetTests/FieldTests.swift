import DockerAPI
import Testing

extension FleetTests {
    /// Every field of a manifest that reaches a container: a change of it is seen, named and applied.
    @Suite struct FieldTests {
        struct Case: CustomTestStringConvertible {
            /// A line below the service, before and after; empty: not said.
            let before: String
            let after: String
            /// The fields that the plan must name.
            let fields: [String]

            init(_ before: String, _ after: String, _ fields: String...) {
                self.before = before
                self.after = after
                self.fields = fields
            }

            var testDescription: String { fields.joined(separator: ", ") }
        }

        static let cases = [
            Case("", "command: [\"sleep\", \"2000\"]", "command"),
            Case("", "entrypoint: [\"/bin/sh\", \"-c\", \"sleep 3000\"]", "command", "entrypoint"),
            Case("environment: { A: \"1\", B: \"2\" }", "environment: { A: \"x\" }", "environment.A", "environment.B"),
            Case(
                "", "ports: [\"18070:80\", \"127.0.0.1:18071-18072:81-82/udp\"]",
                "expose.80/tcp", "expose.81/udp", "expose.82/udp", "ports.80/tcp", "ports.81/udp", "ports.82/udp"),
            Case("expose: [\"90\"]", "expose: [\"91\"]", "expose.90/tcp", "expose.91/tcp"),
            Case("volumes: [\"data:/data\"]", "volumes: [\"data:/data:ro\"]", "volumes./data"),
            Case(
                "", "volumes: [\"/srv:/in\", {type: tmpfs, target: /t, tmpfs: {size: 1m}}]", "volumes./in", "volumes./t"
            ),
            Case("tmpfs: [/tmp]", "tmpfs: [\"/tmp:size=1m\"]", "volumes./tmp"),
            Case(
                "networks: [one]", "networks: {one: {aliases: [x]}, two: }",
                "networks.test-%_one.aliases", "networks.test-%_two", "networks.test-%_two.aliases"),
            Case(
                "", "network_mode: none", "network_mode", "networks.test-%_default", "networks.test-%_default.aliases"),
            Case(
                "", "network_mode: host", "network_mode", "networks.test-%_default", "networks.test-%_default.aliases"),
            Case("labels: { a: b }", "labels: { a: c }", "labels.a"),
            Case(
                "", "healthcheck: { test: \"true\", interval: 20s, retries: 2 }",
                "healthcheck.interval", "healthcheck.retries", "healthcheck.test"),
            Case("", "restart: unless-stopped", "restart"),
            Case("", "user: \"1000:1000\"", "user"),
            Case("", "working_dir: /var/", "working_dir"),
            Case("", "hostname: somewhere", "hostname"),
            Case("", "domainname: example.test", "domainname"),
            Case("", "read_only: true", "read_only"),
            Case("", "stop_signal: USR1", "stop_signal"),
            Case("", "stop_grace_period: 3s", "stop_grace_period"),
            Case("", "cap_add: [net_admin]\n    cap_drop: [MKNOD]", "cap_add", "cap_drop"),
            Case("", "security_opt: [\"no-new-privileges:true\"]", "security_opt"),
            Case("", "ulimits: { nofile: 1024, core: {soft: 0, hard: 1} }", "ulimits.core", "ulimits.nofile"),
            Case("", "sysctls: { net.ipv4.ip_forward: 1 }", "sysctls.net.ipv4.ip_forward"),
            Case("", "extra_hosts: [\"a=1.2.3.4\"]", "extra_hosts"),
            Case(
                "", "dns: [1.1.1.1]\n    dns_search: [x.test]\n    dns_opt: [\"ndots:2\"]", "dns", "dns_opt",
                "dns_search"),
            Case("", "logging: { driver: json-file, options: { max-size: 1m } }", "logging.options.max-size"),
            Case("shm_size: 32m", "shm_size: 16m", "shm_size"),
            Case("", "mem_limit: 64m", "memory"),
            Case("", "cpus: 0.5\n    pids_limit: 50", "cpus", "pids_limit"),
            Case("", "tty: true\n    stdin_open: true", "stdin_open", "tty"),
            Case("", "cpu_shares: 512\n    cpuset: \"0\"", "cpu_shares", "cpuset"),
            Case("", "oom_score_adj: 100\n    group_add: [\"12\"]", "group_add", "oom_score_adj"),
            Case("", "devices: [\"/dev/null:/dev/x:r\"]", "devices"),
            Case("init: true", "init: false", "init"),
        ]

        @Test(arguments: cases)
        func `a change of a field is seen, named and applied`(example: Case) async throws {
            try await TestProject.with { project in
                let rest = "volumes: { data: }\nnetworks: { one: , two: }"
                try project.write(services: service(example.before), rest: rest)
                try await project.applyAndSettle()
                try project.write(services: service(example.after), rest: rest)
                let plan = try await project.plan()
                let change = try #require(plan.changes.first { $0.kind == "container" }, "\(plan.lines)")
                #expect(change.action == "replace" && change.cause == "configuration")
                let expected = example.fields.map { $0.replacing("%", with: project.name) }
                #expect(change.differences.map(\.field) == expected)
                try await project.applyAndSettle()
            }
        }

        private func service(_ lines: String) -> String {
            """
              web:
                image: ${REGISTRY}/shop/base:1
            \(lines.contains("command:") || lines.contains("entrypoint:") ? "" : "    command: [\"sleep\", \"1000\"]\n")\
                \(lines)
            \(lines.contains("stop_grace") ? "" : "    stop_grace_period: 0s\n")\
                deploy: { update_config: { monitor: 0s } }
            """
        }
    }
}
