import RecastModel
import RecastViews
import Testing

/// The texts that people read, whole.
@Suite struct PlanTextTests {
    private let old = EngineFacts(version: "20.10.24", api: APIVersion(1, 41))
    private let digests = ["a", "b"].map { "sha256:" + String(repeating: $0, count: 64) }

    private func text(_ hosts: [HostPlan], hazards: [Hazard] = []) -> String {
        let plan = Plan(environment: "prod", application: "shop", hosts: hosts, hazards: hazards)
        return PlanText(plan, snapshot: "12:15:24Z").lines.joined(separator: "\n")
    }

    private var busyHost: HostPlan {
        HostPlan(
            host: "web-1", engine: old,
            changes: [
                Change(host: "web-1", subject: .network("prod-shop_default"), action: .create, cause: .missing),
                Change(
                    host: "web-1", subject: .instance(InstanceAddress("web", slot: 1)), action: .replace,
                    cause: .configuration,
                    differences: [
                        Difference(
                            field: "image", live: "shop/web:1 \(digests[0])", desired: "shop/web:2 \(digests[1])"),
                        Difference(field: "environment.LOG_LEVEL", live: "info", desired: "warn"),
                        Difference(field: "environment.TOKEN", live: "x", desired: "y", isSensitive: true),
                    ], replacement: Replacement(.stopFirst, exclusive: ["port 8080/tcp"], gap: .unknown(grace: 5))),
                Change(
                    host: "web-1", subject: .instance(InstanceAddress("db", slot: 1)), action: .replace, cause: .drift,
                    differences: [Difference(field: "memory", live: "536870912", desired: "268435456")],
                    replacement: Replacement(.stopFirst, exclusive: [], gap: .unknown(grace: 10))),
                Change(
                    host: "web-1", subject: .instance(InstanceAddress("cron", slot: 1)), action: .remove,
                    cause: .notDesired),
                Change(
                    host: "web-1", subject: .instance(InstanceAddress("job", slot: 1)), action: .start,
                    cause: .stopped(exitCode: 137)),
            ], unchanged: 5)
    }

    private func replacing(_ host: HostName, _ slots: [Int], also networks: [String] = []) -> HostPlan {
        let created = networks.map {
            Change(host: host, subject: .network($0), action: .create, cause: .missing)
        }
        let replaced = slots.map { slot in
            Change(
                host: host, subject: .instance(InstanceAddress("web", slot: slot)), action: .replace,
                cause: .configuration,
                differences: [Difference(field: "environment.LEVEL", live: "info", desired: "warn")])
        }
        return HostPlan(host: host, engine: old, changes: created + replaced)
    }

    @Test func `many equal changes stand on one line, on one host and on many`() {
        let hosts =
            (1...6).map { replacing(HostName("web-\($0)"), [2 * $0 - 1, 2 * $0]) } + [
                replacing("db-1", [13, 14, 15, 17])
            ]
            + [replacing("odd", [18, 19, 20], also: ["prod-shop_default"])]
            + [replacing("web-7", [21, 22])]
        #expect(
            text(hosts) == """
                prod · shop · 9 hosts                                       snapshot 12:15:24Z

                web-1, web-2, web-3, … (7 hosts)   docker 20.10.24 (API 1.41)
                  -/+ web.1-12,21-22   replace   configuration
                          env.LEVEL   info → warn

                db-1                               docker 20.10.24 (API 1.41)
                  -/+ web.13-15,17   replace   configuration
                          env.LEVEL   info → warn

                odd                                docker 20.10.24 (API 1.41)
                   +  network prod-shop_default   create    missing
                  -/+ web.18                      replace   configuration
                          env.LEVEL   info → warn
                  -/+ web.19                      replace   configuration
                          env.LEVEL   info → warn
                  -/+ web.20                      replace   configuration
                          env.LEVEL   info → warn

                1 to create, 21 to replace, 0 unchanged.
                """)
    }

    @Test func `changes of all kinds`() {
        #expect(
            text([busyHost]) == """
                prod · shop · 1 host                                        snapshot 12:15:24Z

                web-1   docker 20.10.24 (API 1.41)
                   +  network prod-shop_default   create    missing
                  -/+ web.1                       replace   configuration
                          image           shop/web:1 → :2   sha256:aaaaaaaa… → sha256:bbbbbbbb…
                          env.LOG_LEVEL   info → warn
                          env.TOKEN       (sensitive, changed)
                          order           stop-first, gap not measured yet: up to 5 s to stop, plus the start (port 8080/tcp)
                  -/+ db.1                        replace   drift (changed on the host)
                          memory   live 512 MiB, manifest 256 MiB
                          order    stop-first, gap not measured yet: up to 10 s to stop, plus the start
                   -  cron.1                      remove    not in the manifest for this host
                   ~  job.1                       start     drift (stopped on the host, exit code 137)

                1 to create, 2 to replace, 1 to start, 1 to remove, 5 unchanged.
                """)
    }

    @Test func `a changed file is named in the cause, and with other fields among them`() {
        let files = [
            Difference(field: "files.config nginx", live: nil, desired: maskedValue),
            Difference(field: "files.secret DB_PASSWORD", live: maskedValue, desired: maskedValue),
        ]
        let change = { (service: ServiceName, differences: [Difference]) in
            Change(
                host: "h1", subject: .instance(InstanceAddress(service, slot: 1)), action: .replace,
                cause: .configuration, differences: differences)
        }
        let both = files + [Difference(field: "tty", live: nil, desired: "true")]
        #expect(
            text([HostPlan(host: "h1", engine: old, changes: [change("api", files), change("web", both)])]) == """
                prod · shop · 1 host                                        snapshot 12:15:24Z

                h1   docker 20.10.24 (API 1.41)
                  -/+ api.1   replace   config nginx added, secret DB_PASSWORD changed
                  -/+ web.1   replace   configuration
                          config nginx         added
                          secret DB_PASSWORD   changed
                          tty                  nothing → true

                2 to replace, 0 unchanged.
                """)
    }

    @Test func `nothing to do`() {
        #expect(
            text([HostPlan(host: "h1", engine: old, unchanged: 3), HostPlan(host: "h2", engine: old, unchanged: 1)])
                == """
                prod · shop · 2 hosts                                       snapshot 12:15:24Z

                No changes: 4 instances are as desired.
                """)
    }

    @Test func `a host that does not answer, and a hazard`() {
        let hosts = [
            HostPlan(host: "h1", engine: old, unchanged: 1),
            HostPlan(host: "h2", engine: nil, unreachable: "connection refused"),
        ]
        let hazard = Hazard(
            host: "h1", kind: .volumeDiffers, subject: "volume cache", detail: "driver_opts differ", help: "move it")
        #expect(
            text(hosts, hazards: [hazard]) == """
                prod · shop · 2 hosts                                       snapshot 12:15:24Z

                h1   docker 20.10.24 (API 1.41)
                  !  volume cache: driver_opts differ
                     move it

                h2   unreachable: connection refused

                No changes found: 1 instance is as desired.
                Not applicable: h2 did not answer, so the plan is incomplete.
                Not applicable: 1 hazard stops this plan.
                """)
    }

    @Test func `a value cannot break the table or the terminal`() {
        let difference = Difference(field: "environment.A", live: "a\n\u{1B}[31mred", desired: nil)
        let change = Change(
            host: "h1", subject: .instance(InstanceAddress("web", slot: 1)), action: .replace, cause: .configuration,
            differences: [difference])
        let text = text([HostPlan(host: "h1", engine: old, changes: [change])])
        #expect(text.contains("env.A   a\\u{A}\\u{1B}[31mred → nothing"))
        #expect(!text.contains("\u{1B}"))
    }
}
