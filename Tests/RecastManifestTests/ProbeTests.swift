import RecastManifest
import RecastModel
import Testing

/// `x-recast: {ready: …}` and `x-recast: {drain: …}`.
@Suite struct ProbeTests {
    private func web(_ lines: String) -> DesiredInstance? {
        let project = project(lines)
        #expect(project.load().diagnostics == [])
        return project.load().desired?.instances.first
    }

    @Test(
        arguments: [
            ("http: {port: 8080, path: /health}", .http(port: 8080, path: "/health")),
            ("http: {port: 8080}", .http(port: 8080, path: "/")),
            ("http: {port: \"8080\", path: \"/a?b=c\"}", .http(port: 8080, path: "/a?b=c")),
            ("http: \":8080/health\"", .http(port: 8080, path: "/health")),
            ("http: 8080/health", .http(port: 8080, path: "/health")),
            ("http: 8080", .http(port: 8080, path: "/")),
            ("http: http://localhost:8080/health", .http(port: 8080, path: "/health")),
            ("tcp: 5432", .tcp(port: 5432)), ("tcp: \"5432\"", .tcp(port: 5432)),
            ("exec: [pg_isready, -q]", .exec(["pg_isready", "-q"])),
            ("exec: curl -f localhost | grep ok", .exec(["/bin/sh", "-c", "curl -f localhost | grep ok"])),
        ] as [(String, Probe)])
    func `a service says how it is asked whether it is ready`(line: String, probe: Probe) {
        #expect(web("x-recast: {ready: {\(line)}}")?.gate.readiness == Readiness(probe))
    }

    @Test func `it also says how often and until when`() {
        let readiness = web("x-recast: {ready: {tcp: 80, timeout: 2m, consecutive: 3}}")?.gate.readiness
        #expect(readiness == Readiness(.tcp(port: 80), timeout: .seconds(120), consecutive: 3))
        #expect(web("x-recast: {ready: {tcp: 80}}")?.gate.readiness?.timeout == .seconds(60))
        #expect(web("x-recast: {ready: {tcp: 80}}")?.gate.readiness?.consecutive == 1)
    }

    @Test func `readiness stands beside a health check and a time to watch`() {
        let instance = web(
            """
            x-recast: {ready: {tcp: 80}}
            healthcheck: {test: "true"}
            deploy: {update_config: {monitor: 7s}}
            """)
        #expect(instance?.gate.readiness?.probe == .tcp(port: 80))
        #expect(instance?.gate.monitor == .seconds(7))
        #expect(instance?.spec.healthcheck?.test == ["CMD-SHELL", "true"])
    }

    @Test(
        arguments: [
            ("wait: 5s", Drain(nil, wait: .seconds(5))), ("wait: 0s", Drain(nil)),
            ("exec: [nginx, -s, quit]", Drain(.exec(["nginx", "-s", "quit"]))),
            ("exec: kill -USR1 1", Drain(.exec(["/bin/sh", "-c", "kill -USR1 1"]))),
            ("http: 9000/drain, wait: 30s", Drain(.http(port: 9000, path: "/drain"), wait: .seconds(30))),
            ("http: {port: 9000, path: /drain}", Drain(.http(port: 9000, path: "/drain"))),
        ] as [(String, Drain)])
    func `a service says how it lets go of its work`(line: String, drain: Drain) {
        #expect(web("x-recast: {drain: {\(line)}}")?.drain == drain)
    }

    @Test func `variables go into probes`() {
        let project = project(
            "x-recast:\n  ready: {http: \"${PORT}/ok\", consecutive: \"${TIMES}\"}\n  drain: {exec: \"stop ${PORT}\"}",
            variables: "{PORT: 81, TIMES: 2}")
        let instance = project.load().desired?.instances.first
        #expect(instance?.gate.readiness == Readiness(.http(port: 81, path: "/ok"), consecutive: 2))
        #expect(instance?.drain == Drain(.exec(["/bin/sh", "-c", "stop 81"])))
    }

    @Test func `of two probes the second is the mistake`() {
        let found = project("x-recast: {ready: {tcp: 80, exec: [a]}}").load().diagnostics
        #expect(found.map(\.message) == ["'x-recast.ready' of service 'web' has `tcp` and `exec`"])
        #expect(found.first?.help == "keep one of http, tcp, exec")
        #expect(found.first?.notes.map(\.message) == ["`tcp` is here"])
    }

    @Test(arguments: [
        ("ready: {command: [a]}", "write `exec`"), ("ready: {url: a}", "write `http`"),
        ("ready: {retries: 3}", "write `consecutive`"), ("drain: {timeout: 3s}", "write `wait`"),
        ("ready: {path: /a}", "write `http: {port: …, path: …}`"), ("ready: {tcp: 80, timeout: 10}", "write 10s"),
        ("readiness: {}", "write `ready`"), ("rehearce: true", "did you mean 'rehearse'?"),
        ("order: start-first", "write `deploy: {update_config: {order: …}}`"),
        ("parallelism: 0%", "write 0 for all at once"), ("ready: {}", "add `http`, `tcp` or `exec`"),
        ("drain: {}", "add `exec`, `http` or `wait`"),
        (
            "ready: {http: https://localhost}",
            "write http://localhost:PORT/PATH, or let a program of the image ask: `exec: …`"
        ),
        ("ready: {http: {port: 80, path: health}}", "write /health"),
    ])
    func `a mistake comes with the next move`(line: String, help: String) {
        #expect(project("x-recast: {\(line)}").load().diagnostics.contains { $0.severity == .error && $0.help == help })
    }
}
