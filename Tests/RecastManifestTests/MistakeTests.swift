import RecastManifest
import RecastModel
import Testing

/// Each mistake that can be made below a service's name: the lines, with 1️⃣ at the place, and the code.
private let mistakes: [(lines: String, code: String)] = [
    ("1️⃣imge: x", "unknown-key"), ("1️⃣enviroment: {}", "unknown-key"), ("deploy: {1️⃣replica: 3}", "unknown-key"),
    ("1️⃣replicas: 3", "unknown-key"), ("x-recast: {1️⃣host: []}", "unknown-key"),
    ("ports: [{target: 80, 1️⃣host_port: 1}]", "unknown-key"),
    ("1️⃣use_api_socket: true", "unsupported-key"), ("1️⃣credential_spec: {file: a}", "unsupported-key"),
    ("1️⃣provider: {type: a}", "unsupported-key"), ("1️⃣external_links: [a]", "unsupported-key"),
    ("1️⃣cpu_count: 2", "unsupported-key"), ("1️⃣isolation: hyperv", "unsupported-key"),
    ("secrets: [1️⃣a]", "undefined-secret"), ("configs: [1️⃣a]", "undefined-config"),
    ("user: 1️⃣1000", "wrong-type"), ("hostname: 1️⃣[a]", "wrong-type"), ("command: [sleep, 1️⃣10]", "wrong-type"),
    ("ports: 1️⃣80", "wrong-type"), ("environment: 1️⃣A=1", "wrong-type"), ("environment: [1️⃣5]", "wrong-type"),
    ("environment: [1️⃣{A: 1}]", "wrong-type"), ("privileged: 1️⃣maybe", "wrong-type"),
    ("deploy: {replicas: 1️⃣many}", "wrong-type"), ("ports: [1️⃣1.5]", "wrong-type"), ("cap_add: [1️⃣~]", "wrong-type"),
    ("healthcheck: {retries: 1️⃣many}", "wrong-type"), ("environment: {A: 1️⃣.inf}", "wrong-type"),
    ("hostname: !secret 1️⃣x", "unknown-tag"), ("cap_add: [!reset 1️⃣A]", "tag-in-list"),
    ("stop_grace_period: 1️⃣10", "wrong-type"), ("stop_grace_period: 101️⃣ s", "bad-value"),
    ("stop_grace_period: 101️⃣S", "bad-value"), ("healthcheck: {interval: 1️⃣-5s}", "bad-value"),
    ("healthcheck: {interval: 1️⃣5us}", "bad-value"), ("healthcheck: {test: [1️⃣curl]}", "bad-value"),
    ("mem_limit: 501️⃣Mi", "bad-value"), ("mem_limit: 1️⃣abc", "bad-value"), ("mem_limit: 1️⃣1e3", "bad-value"),
    ("mem_limit: 1️⃣-1", "bad-value"), ("cpus: 1️⃣half", "wrong-type"), ("cpuset: 1️⃣3-1", "bad-value"),
    ("pids_limit: 1️⃣-5", "bad-value"), ("oom_score_adj: 1️⃣2000", "bad-value"), ("memswap_limit: 1️⃣1g", "bad-value"),
    ("ports: [1️⃣0]", "bad-value"), ("ports: [\"1️⃣70000:80\"]", "bad-value"), ("ports: [\"1️⃣9-5:80\"]", "bad-value"),
    ("ports: [\"1️⃣8000-8002:80-81\"]", "bad-value"), ("ports: [\"80:80/1️⃣http\"]", "bad-value"),
    ("ports: [\"1️⃣localhost:80:80\"]", "bad-value"), ("ports: [{target: 1️⃣0}]", "bad-value"),
    ("ports: [{target: 80, host_ip: 1️⃣here}]", "bad-value"), ("ports: [1️⃣{published: 80}]", "missing-key"),
    ("expose: [1️⃣a]", "bad-value"), ("restart: 1️⃣sometimes", "bad-value"), ("restart: 1️⃣on-failure:x", "bad-value"),
    ("network_mode: 1️⃣hots", "bad-value"), ("pull_policy: 1️⃣allways", "bad-value"),
    ("network_mode: service:1️⃣none", "undefined-service"), ("secrets: [{source: 1️⃣a}]", "undefined-secret"),
    ("pull_policy: 1️⃣build", "unsupported-value"),
    ("security_opt: [1️⃣seccomp=./p.json]", "missing-file"),
    ("volumes: [{type: 1️⃣npipe, source: a, target: /a}]", "unsupported-value"),
    ("deploy: {mode: 1️⃣global-job}", "unsupported-value"),
    ("deploy: {mode: 1️⃣everywhere}", "bad-value"), ("working_dir: 1️⃣srv", "bad-value"),
    ("deploy: {update_config: {order: 1️⃣first}}", "bad-value"), ("deploy: {update_config: {1️⃣ordr: a}}", "unknown-key"),
    ("deploy: {update_config: {parallelism: 1️⃣-1}}", "bad-value"),
    ("deploy: {update_config: {parallelism: 1️⃣25%}}", "wrong-type"),
    ("deploy: {update_config: {delay: 1️⃣5}}", "wrong-type"),
    ("deploy: {update_config: {monitor: 1️⃣-5s}}", "bad-value"),
    ("deploy: {update_config: {failure_action: 1️⃣stop}}", "bad-value"),
    ("deploy: {update_config: {max_failure_ratio: 1️⃣1.5}}", "bad-value"),
    ("deploy: {update_config: {max_failure_ratio: 1️⃣-0.1}}", "bad-value"),
    ("deploy: {update_config: {max_failure_ratio: 1️⃣half}}", "wrong-type"),
    ("deploy: {rollback_config: {order: 1️⃣first}}", "bad-value"),
    ("x-recast: {parallelism: 1️⃣0%}", "bad-value"), ("x-recast: {parallelism: 1️⃣101%}", "bad-value"),
    ("x-recast: {parallelism: 1️⃣-1}", "bad-value"), ("x-recast: {parallelism: 1️⃣many}", "bad-value"),
    ("x-recast: {parallelism: 1️⃣1.5}", "wrong-type"), ("x-recast: {parallelism: 1️⃣[1]}", "wrong-type"),
    ("x-recast: {canary: 1️⃣-1}", "bad-value"), ("x-recast: {canary: 1️⃣10%}", "wrong-type"),
    ("x-recast: {max_gap: 1️⃣-5s}", "bad-value"), ("x-recast: {max_gap: 1️⃣5}", "wrong-type"),
    ("x-recast: {max_gap: 1️⃣soon}", "bad-value"), ("x-recast: {rehearse: 1️⃣maybe}", "wrong-type"),
    ("x-recast: {1️⃣canaries: 1}", "unknown-key"), ("x-recast: {1️⃣order: start-first}", "unknown-key"),
    ("x-recast: {1️⃣ready: {}}", "missing-key"), ("x-recast: {1️⃣ready: {timeout: 5s}}", "missing-key"),
    ("x-recast: {ready: 1️⃣8080}", "wrong-type"), ("x-recast: {ready: {tcp: 80, 1️⃣cmd: [a]}}", "unknown-key"),
    ("x-recast: {ready: {tcp: 80, 1️⃣http: 80}}", "conflict"), ("x-recast: {ready: {exec: a, 1️⃣tcp: 80}}", "conflict"),
    ("x-recast: {ready: {tcp: 1️⃣0}}", "bad-value"), ("x-recast: {ready: {tcp: 1️⃣65536}}", "bad-value"),
    ("x-recast: {ready: {tcp: 1️⃣http}}", "wrong-type"), ("x-recast: {ready: {tcp: 80, timeout: 1️⃣0s}}", "bad-value"),
    ("x-recast: {ready: {tcp: 80, timeout: 1️⃣5}}", "wrong-type"),
    ("x-recast: {ready: {tcp: 80, consecutive: 1️⃣0}}", "bad-value"),
    ("x-recast: {ready: {exec: 1️⃣[]}}", "bad-value"), ("x-recast: {ready: {exec: 1️⃣\"\"}}", "bad-value"),
    ("x-recast: {ready: {exec: 1️⃣[\"\"]}}", "bad-value"), ("x-recast: {ready: {exec: [sleep, 1️⃣5]}}", "wrong-type"),
    ("x-recast: {ready: {tcp: 80, exec: 1️⃣{a: b}}}", "wrong-type"),
    ("x-recast: {ready: {tcp: 80, http: 1️⃣[80]}}", "wrong-type"),
    ("x-recast: {ready: {1️⃣http: {path: /a}}}", "missing-key"),
    ("x-recast: {ready: {http: {port: 1️⃣0}}}", "bad-value"),
    ("x-recast: {ready: {http: {port: 80, path: 1️⃣a}}}", "bad-value"),
    ("x-recast: {ready: {http: {port: 80, path: /a1️⃣ b}}}", "bad-value"),
    ("x-recast: {ready: {http: {port: 80, 1️⃣url: a}}}", "unknown-key"),
    ("x-recast: {ready: {http: 1️⃣localhost/a}}", "bad-value"), ("x-recast: {ready: {http: 1️⃣70000/a}}", "bad-value"),
    ("x-recast: {ready: {http: http://1️⃣db/a}}", "bad-value"), ("x-recast: {1️⃣drain: {}}", "missing-key"),
    ("x-recast: {drain: {exec: a, 1️⃣http: 80}}", "conflict"), ("x-recast: {drain: {wait: 1s, 1️⃣tcp: 80}}", "unknown-key"),
    ("x-recast: {drain: {wait: 1️⃣-1s}}", "bad-value"), ("x-recast: {drain: 1️⃣5s}", "wrong-type"),
    ("x-recast: {task: 1️⃣during}", "bad-value"), ("x-recast: {task: 1️⃣true}", "wrong-type"),
    ("x-recast: {1️⃣task: {timeout: 5m}}", "missing-key"), ("x-recast: {task: {when: 1️⃣later}}", "bad-value"),
    ("x-recast: {task: {when: after, timeout: 1️⃣0s}}", "bad-value"),
    ("x-recast: {task: {when: after, 1️⃣every: 5m}}", "unknown-key"),
    ("x-recast: {task: before, 1️⃣canary: 1}", "conflict"), ("x-recast: {1️⃣rehearse: true}\npid: service:db", "conflict"),
    ("cap_add: [1️⃣NET-ADMIN]", "bad-value"),
    ("extra_hosts: [1️⃣a]", "bad-value"), ("extra_hosts: [1️⃣a=b]", "bad-value"), ("dns: 1️⃣resolver", "bad-value"),
    ("devices: [1️⃣dev/a]", "bad-value"), ("ulimits: {nofile: {soft: 1️⃣5, hard: 1}}", "bad-value"),
    ("ulimits: {1️⃣nofile: {soft: 5}}", "missing-key"), ("volumes: [1️⃣{type: volume}]", "missing-key"),
    ("volumes: [1️⃣{target: /a}]", "missing-key"), ("volumes: [1️⃣{type: bind, target: /a}]", "missing-key"),
    ("env_file: [1️⃣{required: true}]", "missing-key"), ("depends_on: {1️⃣db: {}}", "missing-key"),
    ("command: \"echo 1️⃣'a\"", "bad-command"), ("volumes: [\"1️⃣./a:/a\"]", "relative-path"),
    ("volumes: [1️⃣~/a:/a]", "relative-path"), ("volumes: [{type: bind, source: 1️⃣../a, target: /a}]", "relative-path"),
    ("volumes: [1️⃣dta:/a]", "undefined-volume"), ("volumes: [/a:1️⃣b]", "bad-value"), ("volumes: [/a:1️⃣/]", "bad-value"),
    ("networks: [1️⃣frnt]", "undefined-network"), ("networks: {1️⃣frnt: }", "undefined-network"),
    ("depends_on: [1️⃣dbb]", "undefined-service"), ("depends_on: [1️⃣web]", "dependency-cycle"),
    ("volumes: [/a:1️⃣/x]\ntmpfs: [/x]", "mount-conflict"),
    ("labels: {1️⃣io.recast.x: 1}", "reserved-label"), ("1️⃣network_mode: host\nnetworks: [default]", "conflict"),
    ("network_mode: host\n1️⃣ports: [80]", "port-without-network"), ("scale: 1️⃣2\ndeploy: {replicas: 1}", "conflict"),
    ("mem_limit: 1️⃣1g\ndeploy: {resources: {limits: {memory: 2g}}}", "conflict"),
    ("deploy: {mode: global, 1️⃣replicas: 2}", "conflict"), ("env_file: 1️⃣nowhere.env", "missing-file"),
    ("deploy: {placement: {constraints: [node.role 1️⃣= web]}}", "bad-constraint"),
    ("deploy: {placement: {constraints: [1️⃣node.lables.a == b]}}", "bad-constraint"),
    ("deploy: {placement: {constraints: [1️⃣node.id == b]}}", "bad-constraint"),
    ("deploy: {placement: {constraints: [1️⃣node.labels.a == b]}}", "no-matching-host"),
    ("environment: {A: \"x1️⃣${NO}\"}", "unset-variable"), ("environment: {A: \"1️⃣${NO:?why}\"}", "required-variable"),
    ("environment: {A: \"1️⃣${NO\"}", "bad-interpolation"), ("environment: {1️⃣\"A \": 1}", "bad-name"),
    ("volumes: [{type: bind, source: /a, target: /a, 1️⃣volume: {nocopy: true}}]", "conflict"),
    ("deploy: {replicas: 2}\nports: [1️⃣\"80:80\"]", "too-many-replicas"),
    ("ports: [\"80:80\", 1️⃣\"0.0.0.0:80:81\"]", "port-conflict"),
]

@Suite struct MistakeTests {
    private static let head = "services:\n  db: {image: db}\n  web:\n    image: nginx\n"
    private static let tail = "\nvolumes: {data: {}}\nnetworks: {front: {}}\n"

    private static func project(_ lines: String) -> Project {
        let indented = lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        return Project(MarkedText(stringLiteral: head + indented + tail))
    }

    @Test(arguments: mistakes.indices)
    func `a mistake in a service is found at its place`(index: Int) {
        let (lines, code) = mistakes[index]
        #expect(Self.project(lines).mistakes == ["1 manifest.\(code)"], "\(lines)")
    }

    @Test(arguments: [
        ("imge: x", "did you mean 'image'?"), ("replicas: 3", "write `deploy: {replicas: …}`"),
        ("cmd: x", "write `command`"),
        ("env: {}", "write `environment`"),
        (
            "use_api_socket: true",
            "mount the socket by its path if that is meant: /var/run/docker.sock:/var/run/docker.sock"
        ),
        ("user: 1000", "write \"1000\""), ("stop_grace_period: 10", "write 10s"),
        ("networks: [frnt]", "did you mean 'front' (manifests/shop.yaml:7:12)?"),
        ("volumes: [dat:/a]", "did you mean 'data' (manifests/shop.yaml:6:11)?"),
        ("depends_on: [bd]", "declare it under `services:`"),
        ("volumes: [nope:/a]", "declare it under `volumes:`"),
        ("restart: alway", "did you mean 'always'?"), ("pull_policy: alwyas", "did you mean 'always'?"),
        ("healthcheck: {cmd: x}", "write `test`"),
    ])
    func `a mistake comes with the next move`(lines: String, help: String) {
        #expect(Self.project(lines).load().diagnostics.first { $0.severity == .error }?.help == help)
    }

    @Test func `all mistakes are told at once, in the order of the file`() {
        let project = Project(
            """
            1️⃣nam: shop
            services:
              web:
                image: 2️⃣NGINX
                3️⃣foo: 1
                ports: [4️⃣0]
                depends_on: [5️⃣api]
              6️⃣bad name: {image: x}
              7️⃣none: {restart: always}
            """)
        #expect(
            project.mistakes == [
                "1 manifest.unknown-key", "2 manifest.bad-image", "3 manifest.unknown-key", "4 manifest.bad-value",
                "5 manifest.undefined-service", "6 manifest.bad-name", "7 manifest.missing-image",
            ])
        #expect(project.load().desired == nil)
    }

    @Test(arguments: [
        ("1️⃣web: {image: nginx}", ["1 manifest.unknown-key"]), ("1️⃣services:", ["1 manifest.empty-section"]),
        ("1️⃣name: x", ["1 manifest.missing-key"]), ("1️⃣[a, b]", ["1 manifest.wrong-type"]),
        ("1️⃣text", ["1 manifest.wrong-type"]),
        ("services: 1️⃣[a]", ["1 manifest.wrong-type"]), ("services: {web: 1️⃣nginx}", ["1 manifest.wrong-type"]),
        ("services: {1️⃣web: }", ["1 manifest.empty-section"]), ("services: {1️⃣web: {}}", ["1 manifest.missing-image"]),
        ("1️⃣version: '3'\nservices: {web: {image: a}}", ["1 warning manifest.no-effect"]),
        ("services: {web: {image: a}}\n1️⃣models: {a: {model: b}}", ["1 manifest.unsupported-key"]),
        ("services: {web: {image: a}}\n1️⃣image: a", ["1 manifest.unknown-key"]),
        ("services: {web: {image: a}}\nvolumes: {a: {external: true, 1️⃣driver: x}}", ["1 manifest.conflict"]),
        (
            "services: {web: {image: a}}\nvolumes: {a: {driver_opts: {o: bind, device: 1️⃣./a}}}",
            ["1 manifest.relative-path"]
        ),
        (
            "services: {web: {image: a}}\nnetworks: {a: {ipam: {config: [{subnet: 1️⃣10.0.0.0}]}}}",
            ["1 manifest.bad-value"]
        ),
        (
            "services: {web: {image: a}}\nnetworks: {a: {name: n}, 1️⃣b: {name: n}}\nvolumes: {a: {name: n}}",
            ["1 manifest.conflict"]
        ),
        (
            "services: {web: {image: a}}\nvolumes: {a: {name: n}, 1️⃣b: {name: n, external: true}}",
            ["1 manifest.conflict"]
        ),
        ("services: {web: {image: a}}\nname: 1️⃣'***'", ["1 manifest.bad-name"]),
        ("services: {web: {image: a}}\nname: 1️⃣5", ["1 manifest.wrong-type"]),
        ("services: {web: {image: a}}\nx-anything: ${NO}", []),
    ])
    func `a mistake outside of services is found`(text: String, mistakes: [String]) {
        #expect(Project(MarkedText(stringLiteral: text)).mistakes == mistakes)
    }

    @Test func `a cycle is told once with its whole chain`() {
        let project = Project(
            """
            services:
              a: {image: x, depends_on: [1️⃣b]}
              b: {image: x, depends_on: [2️⃣c]}
              c: {image: x, depends_on: [3️⃣a]}
            """)
        #expect(project.mistakes == ["1 manifest.dependency-cycle"])
        let diagnostic = project.load().diagnostics.first
        #expect(diagnostic?.message.hasSuffix("'a' → 'b' → 'c' → 'a'") == true)
        #expect(diagnostic?.notes.map { [$0.position.line, $0.position.column] } == [[3, 30], [4, 30]])
    }

    @Test func `what an alias repeats is told once`() {
        let project = Project(
            """
            services:
              a: &a {image: x, 1️⃣foo: 1}
              b: *a
            """)
        #expect(project.mistakes == ["1 manifest.unknown-key"])
    }

    @Test func `waiting for a health check that is not there is noted, because the image may have one`() {
        let project = Project(
            """
            services:
              a: {image: x, depends_on: {1️⃣b: {condition: service_healthy}}}
              b: {image: x}
            """)
        #expect(project.mistakes.isEmpty)
        #expect(project.notes == ["1 manifest.missing-healthcheck"])
        #expect(project.load().desired != nil)
    }

    @Test func `waiting for a health check that is turned off is an error`() {
        let project = Project(
            """
            services:
              a: {image: x, depends_on: {1️⃣b: {condition: service_healthy}}}
              b: {image: x, healthcheck: {disable: true}}
            """)
        #expect(project.mistakes == ["1 manifest.missing-healthcheck"])
    }

    @Test func `a slip that does no harm is a warning`() {
        #expect(Self.project("init: 1️⃣yes").mistakes == ["1 warning manifest.changed-text"])
        #expect(
            Self.project("labels: {1️⃣com.docker.compose.project: x}").mistakes == ["1 warning manifest.reserved-label"])
        #expect(Self.project("command: a 1️⃣| b").mistakes == ["1 warning manifest.bad-command"])
        #expect(Self.project("environment: [A=1, 1️⃣A=2]").mistakes == ["1 warning manifest.repeated-item"])
        #expect(Self.project("volumes: [data:/x:1️⃣cached]").mistakes == ["1 warning manifest.no-effect"])
        #expect(
            Self.project("volumes: [{type: tmpfs, target: /x, tmpfs: {mode: 1️⃣700}}]").mistakes == [
                "1 warning manifest.changed-text"
            ])
    }
}
