import RecastModel
import Testing

@testable import RecastManifest

/// Resources, each with the mistakes that it holds.
private let resources: [(text: String, mistakes: [String])] = [
    ("volumes: {v: {external: true, 1️⃣driver: x}}", ["1 conflict"]),
    ("volumes: {v: {external: true, name: n, x-a: 1}}", []),
    ("volumes: {v: {external: false, driver: x}, w: null}", []),
    ("configs: {c: {file: /a, 1️⃣content: b}}", ["1 conflict"]),
    ("configs: {c: {file: /a, 1️⃣content: b, 2️⃣environment: E}}", ["1 conflict", "2 conflict"]),
    ("configs: {1️⃣c: {name: n}}", ["1 missing-key"]),
    ("configs: {c: {external: true}, d: {content: ''}}", []),
    ("secrets: {s: {file: /a, 1️⃣environment: E}}", ["1 conflict"]),
    ("secrets: {1️⃣s: {}}", ["1 missing-key"]),
    ("secrets: {1️⃣s: {driver: d}}", ["1 missing-key"]),
    ("secrets: {1️⃣s: {external: false}}", ["1 missing-key"]),
    ("secrets: {s: {external: true}}", []),
]

/// Combinations that Docker Compose lets pass.
private let strictResources: [(text: String, mistakes: [String])] = [
    ("configs: {c: {external: true, 1️⃣file: /a}}", ["1 conflict"]),
    ("secrets: {s: {external: true, 1️⃣file: /a}}", ["1 conflict"]),
    ("networks: {n: {external: true, 1️⃣driver: d}}", ["1 conflict"]),
]

/// The lines of a service, each with the mistakes that they hold.
private let services: [(lines: String, mistakes: [String])] = [
    ("image: i\nports: [{target: 80, host_ip: 1️⃣localhost}]", ["1 bad-value"]),
    ("image: i\nports: [{target: 80, host_ip: '::1'}, {target: 81, host_ip: 127.0.0.1}]", []),
    ("image: i\ngpus: [{device_ids: [a], 1️⃣count: 1}]", ["1 conflict"]),
    ("image: i\ndeploy: {resources: {reservations: {devices: [{count: 1, 1️⃣device_ids: [a]}]}}}", ["1 conflict"]),
    ("image: i\ndevelop: {watch: [{path: 1️⃣'', action: rebuild}]}", ["1 bad-value"]),
    ("image: i\ndevelop: {watch: [1️⃣{path: a, action: sync}]}", ["1 missing-key"]),
    ("image: i\ndevelop: {watch: [{path: a, action: restart}, {path: a, action: sync, target: /a}]}", []),
    ("image: i\nvolumes: [1️⃣{type: bind, target: /t}]", ["1 missing-key"]),
    ("build: {context: .}", []), ("provider: {type: x}", []),
    ("build: {dockerfile: D, 1️⃣dockerfile_inline: FROM x}", ["1 conflict"]),
    ("build: {additional_contexts: {x: 'service:1️⃣nothing'}}", ["1 undefined-service"]),
    ("build: {additional_contexts: {x: 'service:1️⃣db'}}", ["1 bad-value"]),
    ("build: {platforms: [linux/arm64]}\nplatform: 1️⃣linux/amd64", ["1 conflict"]),
    ("build: {secrets: [{source: 1️⃣x}]}", ["1 undefined-secret"]),
    ("image: i\nnetworks: {n: null}\n1️⃣network_mode: host", ["1 conflict"]),
    ("image: i\nnetworks: {1️⃣m: null}", ["1 undefined-network"]),
    ("image: i\nvolumes: [{type: volume, source: 1️⃣w, target: /t}]", ["1 undefined-volume"]),
    ("image: i\nvolumes: [{type: volume, target: /t}, {type: volume, source: v, target: /u}]", []),
    ("image: i\nsecrets: [{source: 1️⃣x}]\nconfigs: [{source: 2️⃣y}]", ["1 undefined-secret", "2 undefined-config"]),
    ("image: i\nmodels: {1️⃣m: null}", ["1 undefined-model"]),
    ("image: i\nhealthcheck: {test: [1️⃣curl, x]}", ["1 bad-value"]),
    ("image: i\nhealthcheck: {test: [NONE]}", []), ("image: i\nhealthcheck: {test: []}", []),
    ("image: i\ndepends_on: {1️⃣dbb: {condition: service_started, required: true}}", ["1 undefined-service"]),
    ("image: i\ndepends_on: {1️⃣dbb: {condition: service_started, required: false}}", ["1 undefined-service"]),
    ("image: i\ndepends_on: {1️⃣off: {condition: service_started, required: true}}", ["1 disabled-service"]),
    ("image: i\ndepends_on: {off: {condition: service_started, required: false}}", []),
    ("image: i\nlinks: [db, 1️⃣dbb]", ["1 undefined-service"]),
    ("image: i\nnetwork_mode: service:1️⃣dbb", ["1 undefined-service"]),
    ("image: i\ntmpfs: [/a]\nvolumes: [{type: tmpfs, target: 1️⃣/a}]", ["1 mount-conflict"]),
    ("image: i\ntmpfs: [/a, '1️⃣/a:size=1m']", ["1 mount-conflict"]),
    ("image: i\nscale: 1️⃣2\ndeploy: {replicas: 3}", ["1 conflict"]),
    ("image: i\nscale: 2\ndeploy: {replicas: 2}", []),
    ("image: i\nscale: 1️⃣-1", ["1 bad-value"]), ("image: i\ndeploy: {replicas: 1️⃣-2}", ["1 bad-value"]),
    ("image: i\nscale: 2\ncontainer_name: 1️⃣c", ["1 conflict"]),
    ("image: i\ndeploy: {replicas: 2}\ncontainer_name: 1️⃣c", ["1 conflict"]),
    ("image: i\nscale: 1\ncontainer_name: c", []),
    ("image: i\ncpus: 1️⃣0.5\ndeploy: {resources: {limits: {cpus: 1}}}", ["1 conflict"]),
    ("image: i\ncpus: 0.5\ndeploy: {resources: {limits: {cpus: 0.5}}}", []),
    ("image: i\ncpus: 1️⃣0.5\ndeploy: {resources: {limits: {memory: '1'}}}", ["1 conflict"]),
    ("image: i\ncpus: 0.5\ndeploy: {resources: {reservations: {cpus: 1}}}", []),
    ("image: i\nmem_limit: 1️⃣'1024'\ndeploy: {resources: {limits: {memory: '2048'}}}", ["1 conflict"]),
    ("image: i\nmem_reservation: 1️⃣'1'\ndeploy: {resources: {reservations: {memory: '2'}}}", ["1 conflict"]),
    ("image: i\npids_limit: 1️⃣5\ndeploy: {resources: {limits: {pids: 6}}}", ["1 conflict"]),
    ("image: i\npids_limit: 5\ndeploy: {resources: {limits: {pids: 5}}}", []),
]

@Suite struct ConsistencyTests {
    private func service(_ lines: String) -> MarkedText {
        let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        return MarkedText(
            stringLiteral: """
                services:
                  db: {image: i}
                  off: {image: i, profiles: [p]}
                  a:
                \(indented)
                networks: {n: null}
                volumes: {v: null}
                """)
    }

    @Test(arguments: resources)
    func `a resource is told apart from a wrong one`(text: String, mistakes: [String]) {
        let tree = ComposeTree(MarkedText(stringLiteral: "services: {a: {image: i}}\n" + text))
        #expect(tree.mistakes == mistakes)
    }

    @Test(arguments: strictResources)
    func `what cannot work is a mistake only in earnest`(text: String, mistakes: [String]) {
        let marked = MarkedText(stringLiteral: text)
        #expect(ComposeTree(marked).mistakes == mistakes)
        #expect(ComposeTree(marked) { $0.strict = false }.mistakes == [])
    }

    @Test(arguments: services)
    func `a service is told apart from a wrong one`(lines: String, mistakes: [String]) {
        #expect(ComposeTree(service(lines)).mistakes == mistakes)
    }

    @Test func `a service needs an image, a build or a provider`() {
        let tree = ComposeTree("services: {1️⃣a: {command: [x]}, 2️⃣b: {image: ''}, c: {image: i}}")
        #expect(tree.mistakes == ["1 missing-image", "2 missing-image"])
    }

    @Test func `only one service that runs can have a container name`() {
        let text: MarkedText = """
            services:
              b: {image: i, container_name: c}
              d: {image: i, container_name: 1️⃣c, profiles: [p]}
            """
        #expect(ComposeTree(text).mistakes == [])
        #expect(ComposeTree(text) { $0.profiles = ["p"] }.mistakes == ["1 duplicate-container-name"])
        let lenient = ComposeTree(text) {
            $0.profiles = ["p"]
            $0.strict = false
        }
        #expect(lenient.mistakes == ["1 duplicate-container-name"])
    }

    @Test func `all mistakes are told at once`() {
        let tree = ComposeTree(
            """
            services:
              a: {image: i, networks: {1️⃣x: null}, secrets: [{source: 2️⃣y}]}
              3️⃣b: {volumes: [{type: volume, source: 4️⃣z, target: /z}]}
            """)
        #expect(
            tree.mistakes == ["1 undefined-network", "2 undefined-secret", "3 missing-image", "4 undefined-volume"])
    }

    @Test func `nothing is checked when asked`() {
        let tree = ComposeTree("services: {a: {command: [x], networks: {x: null}}}") { $0.consistency = false }
        #expect(tree.mistakes == [])
    }

    @Test func `the nearest declaration is offered with its place`() {
        let tree = ComposeTree(
            """
            services:
              a: {image: i, volumes: [{type: volume, source: dta, target: /d}], depends_on: {databose: {required: true}}}
              database: {image: i}
            volumes: {data: null}
            """)
        let help = tree.project.report.sorted().map(\.help)
        #expect(
            help == [
                "did you mean 'data' (compose.yaml:4:11)?", "did you mean 'database' (compose.yaml:3:3)?",
            ])
    }

    @Test func `a disabled service is shown where it is declared`() {
        let tree = ComposeTree("services: {a: {image: i, links: [b]}, b: {image: i, profiles: [p]}}")
        let notes = tree.project.report.sorted().flatMap(\.notes).map(\.position.description)
        #expect(notes == ["compose.yaml:1:39"])
    }

    // MARK: Cycles

    @Test func `a cycle is told once, with its chain`() {
        let tree = ComposeTree(
            """
            services:
              x: {image: i, depends_on: {a: {required: true}}}
              a: {image: i, depends_on: {1️⃣b: {required: true}}}
              b: {image: i, links: [c]}
              c: {image: i, network_mode: service:a}
            """)
        #expect(tree.mistakes == ["1 dependency-cycle"])
        #expect(
            tree.project.report.sorted().map(\.message) == ["services wait for each other: 'a' → 'b' → 'c' → 'a'"])
    }

    @Test func `a service cannot depend on itself`() {
        #expect(ComposeTree("services: {a: {image: i, links: [1️⃣a]}}").mistakes == ["1 dependency-cycle"])
    }

    @Test func `two ways to one service are no cycle`() {
        let tree = ComposeTree(
            "services: {a: {image: i, links: [b, c]}, b: {image: i, links: [d]}, c: {image: i, links: [d]}, d: {image: i}}"
        )
        #expect(tree.mistakes == [])
    }

    @Test(.timeLimit(.minutes(1))) func `a chain may be as long as the file`() {
        let count = 20_000
        let services = (0..<count).map { "  s\($0): {image: i, links: [s\(($0 + 1) % count)]}\n" }.joined()
        let tree = ComposeTree(MarkedText(stringLiteral: "services:\n" + services))
        #expect(tree.project.report.diagnostics.map(\.code) == ["manifest.dependency-cycle"])
    }
}
