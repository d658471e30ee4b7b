import RecastManifest
import RecastModel
import Testing

/// How a manifest says that instances give way to their successors.
@Suite struct RolloutTests {
    private func web(_ lines: String) -> DesiredInstance? {
        project(lines).load().desired?.instances.first
    }

    /// The policy of a service with these settings, its place aside.
    private func policy(_ lines: String) -> RolloutPolicy? {
        web(lines).map { instance in
            var policy = instance.rollout
            policy.position = nil
            return policy
        }
    }

    private static func with(_ change: (inout RolloutPolicy) -> Void) -> RolloutPolicy {
        var policy = RolloutPolicy()
        change(&policy)
        return policy
    }

    @Test func `a service that says nothing has the defaults`() {
        let instance = web("restart: always")
        #expect(policy("restart: always") == RolloutPolicy())
        #expect(instance?.rollout.position == SourcePosition(file: Project.manifestPath, line: 2, column: 3))
        #expect(instance?.gate == GatePolicy())
        #expect(instance?.drain == nil)
        #expect(instance?.task == nil)
    }

    @Test func `every key of update_config is read`() {
        let read = policy(
            """
            deploy:
              update_config:
                parallelism: 3
                delay: 10s
                monitor: 1m30s
                max_failure_ratio: 0.25
                failure_action: rollback
                order: start-first
            """)
        #expect(
            read
                == Self.with {
                    $0.parallelism = .count(3)
                    $0.delay = .seconds(10)
                    $0.monitor = .seconds(90)
                    $0.maxFailureRatio = 0.25
                    $0.failureAction = .rollback
                    $0.order = .startFirst
                })
    }

    @Test(arguments: [
        ("pause", RolloutPolicy.FailureAction.pause), ("continue", .continue), ("rollback", .rollback),
    ])
    func `each failure action has its word`(word: String, action: RolloutPolicy.FailureAction) {
        #expect(policy("deploy: {update_config: {failure_action: \(word)}}") == Self.with { $0.failureAction = action })
    }

    @Test(arguments: [("start-first", RolloutPolicy.Order.startFirst), ("stop-first", .stopFirst)])
    func `an order that is asked for has its place`(word: String, order: RolloutPolicy.Order) {
        let rollout = web("deploy:\n  update_config: {delay: 1s, order: \(word)}")?.rollout
        #expect(rollout?.order == order)
        #expect(rollout?.position == SourcePosition(file: Project.manifestPath, line: 5, column: 41))
    }

    @Test func `an update that says nothing of the order leaves the choice`() {
        let rollout = web("deploy: {update_config: {parallelism: 0}}")?.rollout
        #expect(rollout?.order == nil)
        #expect(rollout?.parallelism == .count(0))
        #expect(rollout?.position == SourcePosition(file: Project.manifestPath, line: 2, column: 3))
    }

    @Test func `what is watched is watched with and without a health check`() {
        let gate = web("deploy: {update_config: {monitor: 5s}}\nhealthcheck: {test: a}")?.gate
        #expect(gate == GatePolicy(monitor: .seconds(5)))
        #expect(policy("deploy: {update_config: {monitor: 0s}}") == Self.with { $0.monitor = .zero })
    }

    @Test func `nothing is told of keys that are acted on`() {
        let all = "parallelism: 2, delay: 1s, monitor: 1s, max_failure_ratio: 0, failure_action: pause"
        #expect(project("deploy: {update_config: {\(all), order: stop-first}}").load().diagnostics.isEmpty)
    }

    @Test func `every key of rollback_config is told to have no effect`() {
        let project = project(
            """
            deploy:
              rollback_config:
                1️⃣parallelism: 2
                2️⃣delay: 1s
                3️⃣monitor: 1s
                4️⃣max_failure_ratio: 0
                5️⃣failure_action: pause
                6️⃣order: stop-first
            """)
        #expect(project.notes == (1...6).map { "\($0) manifest.no-effect" })
        #expect(project.mistakes.isEmpty)
        #expect(
            project.load().diagnostics.first?.message
                == "`parallelism` has no effect: going back keeps to `update_config`")
    }

    private static let additions: [(line: String, policy: RolloutPolicy)] = [
        ("parallelism: 3", with { $0.parallelism = .count(3) }),
        ("parallelism: 0", with { $0.parallelism = .count(0) }),
        ("parallelism: \"4\"", with { $0.parallelism = .count(4) }),
        ("parallelism: 25%", with { $0.parallelism = .percent(25) }),
        ("parallelism: 100%", with { $0.parallelism = .percent(100) }),
        ("parallelism: \"${SHARE}%\"", with { $0.parallelism = .percent(30) }),
        ("canary: 2", with { $0.canary = 2 }), ("canary: 0", RolloutPolicy()),
        ("canary: \"${SHARE}\"", with { $0.canary = 30 }), ("max_gap: 5s", with { $0.maxGap = .seconds(5) }),
        ("max_gap: 0s", with { $0.maxGap = .zero }), ("rehearse: true", with { $0.rehearse = true }),
        ("rehearse: false", RolloutPolicy()),
    ]

    @Test(arguments: additions.indices)
    func `what x-recast adds is read`(index: Int) {
        let (line, policy) = Self.additions[index]
        let loaded = project("x-recast: {\(line)}", variables: "{SHARE: 30}").load()
        #expect(loaded.diagnostics.isEmpty, "\(line)")
        var found = loaded.desired?.instances.first?.rollout
        found?.position = nil
        #expect(found == policy, "\(line)")
    }

    @Test func `the number of x-recast wins over that of update_config, and says so`() {
        let project = project(
            "x-recast: {parallelism: 50%}\ndeploy: {update_config: {1️⃣parallelism: 2, delay: 1s}}")
        let rollout = project.load().desired?.instances.first?.rollout
        #expect(rollout?.parallelism == .percent(50))
        #expect(rollout?.delay == .seconds(1))
        #expect(project.notes == ["1 manifest.no-effect"])
    }

    @Test func `every instance of a service has its policy`() {
        let desired = project("x-recast: {canary: 5, max_gap: 1s}\ndeploy: {replicas: 3}").load().desired
        #expect(desired?.instances.count == 3)
        #expect(desired?.instances.allSatisfy { $0.rollout.canary == 5 && $0.rollout.maxGap == .seconds(1) } == true)
    }

    @Test func `an override changes one setting and keeps the others`() {
        let project = Project(
            "services: {web: {image: a, x-recast: {canary: 1, max_gap: 5s, ready: {tcp: 80, timeout: 9s}}}}",
            environment: MarkedText(
                stringLiteral: Project.oneHost.text
                    + "\noverrides: {services: {web: {x-recast: {canary: 2, ready: {timeout: 5s}}}}}"))
        let instance = project.load().desired?.instances.first
        #expect(instance?.rollout.canary == 2)
        #expect(instance?.rollout.maxGap == .seconds(5))
        #expect(instance?.gate.readiness == Readiness(.tcp(port: 80), timeout: .seconds(5)))
    }

    @Test func `how it is rolled out is no part of a container's definition`() {
        let plain = spec("restart: always")
        let rolled = spec(
            """
            restart: always
            x-recast: {parallelism: 2, canary: 1, max_gap: 1s, rehearse: true, ready: {tcp: 80}, drain: {wait: 1s}}
            deploy: {update_config: {order: stop-first, monitor: 9s}}
            """)
        #expect(plain != nil)
        #expect(plain == rolled)
    }

    @Test(arguments: [
        ("before-replace", BackupPolicy(folder: "manifests/backups", keep: 3)),
        ("{when: before-replace, folder: ../saved, keep: 7}", BackupPolicy(folder: "saved", keep: 7)),
        ("{when: before-replace, folder: /srv/saved}", BackupPolicy(folder: "/srv/saved", keep: 3)),
    ])
    func `a backup is of a folder beside the manifest`(text: String, policy: BackupPolicy) {
        let project = Project(
            MarkedText(
                stringLiteral: """
                    services:
                      web: {image: a, restart: always, volumes: ["data:/data"], x-recast: {backup: \(text)}}
                    volumes: {data: }
                    """))
        #expect(project.load().desired?.instances.first?.rollout.backup == policy, "\(project.mistakes)")
    }

    @Test(arguments: ["", "volumes: [\"data:/data\"], ", "volumes: [\"data:/data:ro\"], ", "volumes: [\"/data\"], "])
    func `nothing is backed up that is not the service's own`(mount: String) {
        let project = Project(
            MarkedText(
                stringLiteral: """
                    services:
                      web: {image: a, restart: always, \(mount)x-recast: {1️⃣backup: before-replace}}
                    volumes: {data: {x-recast: {shared: true}}}
                    """))
        #expect(project.mistakes == ["1 manifest.conflict"], "\(project.mistakes)")
    }

    // MARK: What makes no sense

    @Test(arguments: [
        "network_mode: service:db", "network_mode: container:other", "pid: service:db", "ipc: service:db",
        "volumes_from: [db]", "network_mode: host",
    ])
    func `a service that shares what the engine has once cannot be rehearsed`(line: String) {
        let text = MarkedText(
            stringLiteral: """
                services:
                  db: {image: db, restart: always}
                  web:
                    image: nginx
                    x-recast: {1️⃣rehearse: true}
                    \(line)
                """)
        let project = Project(text)
        #expect(project.mistakes == ["1 manifest.conflict"])
        let found = project.load().diagnostics.first { $0.severity == .error }
        #expect(found?.help?.hasPrefix("remove `rehearse`, or ") == true)
        #expect(found?.notes.map(\.position.line) == [6])
    }

    @Test(arguments: ["network_mode: none", "pid: host", "ipc: private", "volumes_from: []", "ports: [\"80:80\"]"])
    func `a service with namespaces of its own can be rehearsed`(line: String) {
        #expect(project("x-recast: {rehearse: true}\n\(line)").mistakes.isEmpty)
    }

    @Test func `a rehearsal beside start-first is told to be needless`() {
        let project = project("x-recast: {1️⃣rehearse: true}\ndeploy: {update_config: {order: start-first}}")
        #expect(project.notes == ["1 manifest.no-effect"])
        #expect(project.mistakes.isEmpty)
    }
}
