import RecastManifest
import RecastModel
import Testing

/// Services that run once in an apply.
@Suite struct TaskTests {
    private func services(_ lines: MarkedText) -> Project { Project(lines) }

    private func tasks(_ project: Project) -> [String: TaskPolicy] {
        let instances = project.load().desired?.instances ?? []
        return Dictionary(
            instances.compactMap { instance in instance.task.map { (instance.address.service.text, $0) } }
        ) { $1 }
    }

    @Test(
        arguments: [
            ("task: before", TaskPolicy(.before)), ("task: after", TaskPolicy(.after)),
            ("task: {when: before}", TaskPolicy(.before)),
            ("task: {when: after, timeout: 30m}", TaskPolicy(.after, timeout: .seconds(1800))),
        ] as [(String, TaskPolicy)])
    func `a service says that it is a task`(line: String, task: TaskPolicy) {
        let project = project("x-recast: {\(line)}")
        #expect(project.load().diagnostics == [])
        let instance = project.load().desired?.instances.first
        #expect(instance?.task == task)
        #expect(instance?.isJob == true)
    }

    @Test func `a task has an hour unless it says otherwise`() {
        #expect(tasks(project("x-recast: {task: before}")) == ["web": TaskPolicy(.before, timeout: .seconds(3600))])
    }

    @Test func `what others wait for to complete is a task before the replacements`() {
        let project = Project(
            """
            services:
              web: {image: web, depends_on: {migrate: {condition: service_completed_successfully}}}
              migrate: {image: web, depends_on: {seed: {condition: service_completed_successfully}, db: {condition: service_started}}}
              seed: {image: seed, x-recast: {task: {when: before, timeout: 5m}}}
              db: {image: db}
            """)
        #expect(
            tasks(project) == ["migrate": TaskPolicy(.before), "seed": TaskPolicy(.before, timeout: .seconds(300))])
        #expect(project.load().diagnostics == [])
        let jobs = project.load().desired?.instances.filter(\.isJob).map(\.address.service.text)
        #expect(jobs == ["migrate", "seed"])
    }

    @Test(arguments: [
        ("\"no\"", true), ("on-failure", true), ("on-failure:3", true), ("always", false), ("unless-stopped", false),
    ])
    func `what may end for good by its restart policy is a job`(policy: String, isJob: Bool) {
        let project = Project("services: {web: {image: web, restart: \(policy)}}")
        #expect(project.load().desired?.instances.map(\.isJob) == [isJob])
    }

    @Test func `what only a left out service waits for is no task`() {
        let project = Project(
            """
            services:
              web: {image: web, profiles: [p], depends_on: {db: {condition: service_completed_successfully}}}
              db: {image: db}
            """)
        #expect(tasks(project) == [:])
        #expect(project.load().desired?.instances.map(\.isJob) == [false])
    }

    @Test func `a task may run on every host and in several instances`() {
        #expect(project("x-recast: {task: before}\ndeploy: {mode: global}").mistakes.isEmpty)
        #expect(project("x-recast: {task: before}\ndeploy: {replicas: 2}").load().desired?.instances.count == 2)
    }

    // MARK: What a task cannot have

    @Test(arguments: [
        "ready: {tcp: 80}", "drain: {wait: 1s}", "rehearse: true", "canary: 1", "max_gap: 1s", "parallelism: 2",
    ])
    func `what is asked of a replacement is a mistake for a task`(line: String) {
        let project = project("x-recast: {task: before, 1️⃣\(line)}")
        #expect(project.mistakes == ["1 manifest.conflict"])
        let found = project.load().diagnostics.first
        #expect(found?.help == "remove `\(line.prefix { $0 != ":" })`")
        #expect(found?.notes.map(\.position.column) == [16])
    }

    @Test(arguments: ["rehearse: false", "canary: 0"])
    func `what is switched off is no mistake`(line: String) {
        #expect(project("x-recast: {task: after, \(line)}").mistakes.isEmpty)
    }

    @Test func `the same is a mistake for what another service makes a task, and the note says which`() {
        let project = Project(
            """
            services:
              web: {image: web, depends_on: {job: {condition: service_completed_successfully}}}
              job: {image: job, x-recast: {1️⃣canary: 1}}
            """)
        #expect(project.mistakes == ["1 manifest.conflict"])
        #expect(project.load().diagnostics.first?.notes.map(\.position.line) == [2])
    }

    @Test(arguments: [
        "1️⃣restart: always", "1️⃣restart: unless-stopped", "deploy: {1️⃣restart_policy: {condition: any}}",
        "restart: \"no\"\ndeploy: {1️⃣restart_policy: {delay: 1s}}",
    ])
    func `a task that restarts for ever is a mistake`(lines: String) {
        #expect(project("x-recast: {task: before}\n\(lines)").mistakes == ["1 manifest.conflict"])
    }

    @Test(arguments: ["restart: \"no\"", "restart: on-failure:3", "deploy: {restart_policy: {condition: none}}"])
    func `a task may be tried again`(lines: String) {
        #expect(project("x-recast: {task: before}\n\(lines)").mistakes.isEmpty)
    }

    @Test func `update_config of a task is told to have no effect`() {
        let project = project("x-recast: {task: before}\ndeploy: {1️⃣update_config: {order: stop-first}}")
        #expect(project.notes == ["1 manifest.no-effect"])
        #expect(project.mistakes.isEmpty)
    }

    // MARK: Who waits for whom

    @Test(arguments: [
        ("1️⃣clean: {condition: service_started}", "task: before", "task: after"),
        ("1️⃣clean: {condition: service_started}", "hosts: []", "task: after"),
        ("1️⃣clean: {condition: service_completed_successfully}", "hosts: []", "task: after"),
        ("1️⃣clean: {condition: service_healthy}", "hosts: []", "task: before"),
        ("1️⃣clean: {condition: service_healthy}", "task: after", "task: after"),
    ])
    func `waiting for what comes later, or for the health of what ends, is a mistake`(
        need: String, waiting: String, awaited: String
    ) {
        #expect(pair(need, waiting, awaited).mistakes == ["1 manifest.conflict"])
    }

    @Test(arguments: [
        ("clean: {condition: service_started}", "task: after", "task: after"),
        ("clean: {condition: service_completed_successfully}", "task: after", "task: before"),
        ("clean: {condition: service_started}", "task: after", "hosts: []"),
        ("clean: {condition: service_started}", "task: before", "hosts: []"),
        ("clean: {condition: service_started}", "hosts: []", "task: before"),
        ("clean: {condition: service_healthy}", "task: before", "hosts: []"),
    ])
    func `waiting for what comes earlier, or runs all along, is none`(need: String, waiting: String, awaited: String) {
        #expect(pair(need, waiting, awaited).mistakes.isEmpty)
    }

    private func pair(_ need: String, _ waiting: String, _ awaited: String) -> Project {
        Project(
            MarkedText(
                stringLiteral: """
                    services:
                      web: {image: a, x-recast: {\(waiting)}, depends_on: {\(need)}}
                      clean: {image: b, x-recast: {\(awaited)}, healthcheck: {test: a}}
                    """))
    }

    @Test func `the namespaces of a task that runs later cannot be shared`() {
        let project = Project(
            """
            services:
              web: {image: a, network_mode: 1️⃣service:job}
              job: {image: b, x-recast: {task: after}}
            """)
        #expect(project.load().diagnostics.contains { $0.code == "manifest.conflict" && $0.position.line == 2 })
        #expect(project.load().desired == nil)
    }
}
