import RecastModel
import RecastYAML
import Testing

@testable import RecastManifest

/// What a tree gets that its file left to be understood: defaults, paths, variables, names.
@Suite struct CompletionTests {
    // MARK: Defaults

    @Test func `a port is tcp and ingress unless it says otherwise`() {
        let tree = ComposeTree(
            "services: {a: {image: i, ports: [{target: 80}, {target: 81, protocol: udp, mode: host}]}}")
        #expect(
            tree.has(
                "services", "a", "ports",
                equal: "[{target: 80, protocol: tcp, mode: ingress}, {target: 81, protocol: udp, mode: host}]"))
    }

    @Test func `a secret is mounted under run secrets`() {
        let tree = ComposeTree(
            "{services: {a: {image: i, secrets: [{source: s}, {source: s, target: t}]}}, secrets: {s: {file: /f}}}")
        #expect(
            tree.has(
                "services", "a", "secrets", equal: "[{source: s, target: /run/secrets/s}, {source: s, target: t}]"))
    }

    @Test(arguments: [
        ("{capabilities: [gpu]}", "{capabilities: [gpu], count: -1}"),
        ("{count: all}", "{count: -1}"), ("{count: 2}", "{count: 2}"), ("{device_ids: [a]}", "{device_ids: [a]}"),
    ])
    func `a device request without a number wants all`(request: String, expected: String) {
        let tree = ComposeTree(
            """
            services:
              a:
                image: i
                gpus: [\(request)]
                deploy: {resources: {reservations: {devices: [\(request)]}}}
            """)
        #expect(tree.has("services", "a", "gpus", equal: "[\(expected)]"))
        #expect(tree.has("services", "a", "deploy", "resources", "reservations", "devices", equal: "[\(expected)]"))
    }

    // MARK: Paths

    @Test(arguments: [
        ("./a/../b", "/srv/shop/b"), ("../c", "/srv/c"), ("/x/../y", "/x/../y"), ("~/d", "/home/me/d"),
        ("", "/srv/shop"),
        ("C:\\x", "C:\\x"), ("d:/x", "d:/x"), ("\\\\server\\share", "\\\\server\\share"), ("c:x", "/srv/shop/c:x"),
    ])
    func `the source of a bind mount is made absolute`(source: String, expected: String) {
        let tree = ComposeTree(
            "services: {a: {image: i, volumes: [{type: bind, source: '\(source)', target: /t}]}}",
            variables: ["HOME": "/home/me"])
        #expect(tree.value("services", "a", "volumes")?.items?.first?["source"]?.string == expected)
    }

    @Test(arguments: [
        (".", "/srv/shop"), ("./d", "/srv/shop/d"), ("https://h/r.git", "https://h/r.git"), ("git@h:r", "git@h:r"),
        ("github.com/a/b", "github.com/a/b"), ("docker-image://i", "docker-image://i"), ("service:a", "service:a"),
    ])
    func `a build context is a path unless it is elsewhere`(context: String, expected: String) {
        let tree = ComposeTree(
            "services: {a: {build: {context: '\(context)', additional_contexts: {x: '\(context)'}}}}")
        #expect(tree.value("services", "a", "build", "context")?.string == expected)
        #expect(tree.value("services", "a", "build", "additional_contexts", "x")?.string == expected)
    }

    @Test func `files of configs and secrets, watched paths and local devices are made absolute`() {
        let tree = ComposeTree(
            """
            services: {a: {image: i, develop: {watch: [{action: rebuild, path: ./src}]}}}
            configs: {c: {file: ./c}}
            secrets: {s: {file: s}}
            volumes: {v: {driver: local, driver_opts: {o: bind, device: ./d}}, w: {driver: x, driver_opts: {o: bind, device: ./d}}}
            """)
        #expect(tree.value("configs", "c", "file")?.string == "/srv/shop/c")
        #expect(tree.value("secrets", "s", "file")?.string == "/srv/shop/s")
        #expect(tree.value("volumes", "v", "driver_opts", "device")?.string == "/srv/shop/d")
        #expect(tree.value("volumes", "w", "driver_opts", "device")?.string == "./d")
        #expect(tree.has("services", "a", "develop", "watch", equal: "[{action: rebuild, path: /srv/shop/src}]"))
    }

    @Test func `paths stay as they are when asked`() {
        let tree = ComposeTree("services: {a: {build: {context: ./d}}}") { $0.resolvePaths = false }
        #expect(tree.value("services", "a", "build", "context")?.string == "./d")
    }

    // MARK: Variables

    @Test func `a variable without a value takes the one of the environment`() {
        let tree = ComposeTree(
            "services: {a: {image: i, environment: {A: null, B: null, C: ''}, build: {args: {A: null, B: null}}}}",
            variables: ["A": "1", "C": "2"])
        #expect(tree.has("services", "a", "environment", equal: "{A: '1', B: null, C: ''}"))
        #expect(tree.has("services", "a", "build", "args", equal: "{A: '1'}"))
    }

    @Test func `a config takes its content from a variable, a secret keeps it out of the tree`() {
        let tree = ComposeTree(
            """
            services: {a: {image: i, configs: [{source: c}], secrets: [{source: s}]}}
            configs: {c: {environment: CV}}
            secrets: {s: {environment: SV}, t: {environment: NONE}}
            """, variables: ["CV": "open", "SV": "hush"])
        #expect(tree.value("configs", "c", "content")?.string == "open")
        #expect(tree.project.secretValues == ["s": "hush"])
        #expect(!tree.json.contains("hush"))
        #expect(!tree.json.contains("open"))
        #expect(!tree.project.yaml.contains("hush"))
    }

    // MARK: Names

    @Test func `resources are called after the project and their key`() {
        let tree = ComposeTree(
            """
            services: {a: {image: i}}
            networks: {n: null, m: {name: own}}
            volumes: {v: {}, e: {external: true}}
            """)
        #expect(tree.has("networks", equal: "{n: {name: shop_n}, m: {name: own}, default: {name: shop_default}}"))
        #expect(tree.has("volumes", equal: "{v: {name: shop_v}, e: {external: true, name: e}}"))
        #expect(tree.value("name")?.string == "shop")
    }

    @Test(arguments: [
        ("", "{default: null}"), ("networks: {}", "{default: null}"), ("networks: {n: null}", "{n: null}"),
    ])
    func `a service without a network is in the default one`(lines: String, expected: String) {
        let tree = ComposeTree(
            MarkedText(stringLiteral: "services:\n  a:\n    image: i\n    \(lines)\nnetworks: {n: null}\n"))
        #expect(tree.has("services", "a", "networks", equal: expected))
        #expect((tree.value("networks", "default") != nil) == expected.contains("default"))
    }

    @Test func `a network mode or a provider needs no network`() {
        let tree = ComposeTree("services: {a: {image: i, network_mode: host}, b: {provider: {type: x}}}")
        #expect(tree.value("networks") == nil)
    }

    @Test func `links, namespaces and borrowed volumes are dependencies`() {
        let tree = ComposeTree(
            """
            services:
              a:
                image: i
                links: [b, "c:alias"]
                ipc: service:d
                volumes_from: ["e:ro", "container:x"]
                depends_on: {b: {condition: service_healthy, required: true}}
              b: {image: i}
              c: {image: i}
              d: {image: i}
              e: {image: i}
            """)
        #expect(
            tree.has(
                "services", "a", "depends_on",
                equal: """
                    b: {condition: service_healthy, required: true}
                    c: {condition: service_started, restart: true, required: true}
                    d: {condition: service_started, restart: true, required: true}
                    e: {condition: service_started, restart: false, required: true}
                    """))
    }

    @Test func `a pull policy has one name, and a build its Dockerfile`() {
        let tree = ComposeTree(
            """
            services:
              a: {image: i, pull_policy: if_not_present, build: {}}
              b: {build: {context: ., dockerfile_inline: FROM x}}
            """)
        #expect(tree.value("services", "a", "pull_policy")?.string == "missing")
        #expect(tree.has("services", "a", "build", equal: "{context: /srv/shop, dockerfile: Dockerfile}"))
        #expect(tree.value("services", "b", "build", "dockerfile") == nil)
    }

    @Test func `a preparing step runs in the service's image`() {
        let tree = ComposeTree("services: {a: {image: i, pre_start: [{command: [x]}, {command: [y], image: j}]}}")
        #expect(
            tree.has("services", "a", "pre_start", equal: "[{command: [x], image: i}, {command: [y], image: j}]"))
    }

    @Test func `nothing is made explicit when asked`() {
        let tree = ComposeTree("services: {a: {image: i, links: [b]}, b: {image: i}}") { $0.normalize = false }
        #expect(tree.has("services", "a", equal: "{image: i, links: [b]}"))
        #expect(tree.value("networks") == nil)
    }

    @Test func `the scale is the number of replicas`() {
        let tree = ComposeTree("services: {a: {image: i, scale: 2, deploy: {}}, b: {image: i, scale: 2}}")
        #expect(tree.has("services", "a", "deploy", equal: "{replicas: 2}"))
        #expect(tree.value("services", "b", "deploy") == nil)
    }

    // MARK: Profiles

    @Test(arguments: [([], ["a"]), (["p"], ["a", "b"]), (["q", "r"], ["a", "c"]), (["*"], ["a", "b", "c"])])
    func `services of other profiles are taken out`(profiles: [String], expected: [String]) {
        let tree = ComposeTree(
            "services: {a: {image: i, profiles: []}, b: {image: i, profiles: [p]}, c: {image: i, profiles: [x, q]}}"
        ) { $0.profiles = profiles }
        #expect(tree.value("services")?.entries?.map(\.key) == expected)
        #expect(Set(tree.project.disabled.keys) == Set(["a", "b", "c"]).subtracting(expected))
    }

    // MARK: Wrong forms

    @Test(arguments: [
        "5", "[]", "services: 5", "services: [a]", "services: {a: 5, b: null, c: [x]}",
        "services: {a: {image: 5, ports: 80, volumes: {x: y}, environment: [A], depends_on: [b], networks: n}}",
        "services: {a: {image: i, ports: [80], volumes: [x], env_file: x, label_file: y, secrets: [s], build: b}}",
        "services: {a: {image: i, deploy: [1], gpus: all, tmpfs: /x, links: l, profiles: p, healthcheck: {test: x}}}",
        "{services: {a: {image: i}}, networks: [n], volumes: 5, configs: {c: 5}, secrets: {s: [x]}, models: x}",
        "services: {a: {image: i, scale: x, cpus: y, deploy: {resources: {limits: 5}, replicas: []}}}",
    ])
    func `what has another form is passed over`(text: String) {
        let tree = ComposeTree(MarkedText(stringLiteral: text)) { $0.profiles = ["*"] }
        #expect(tree.project.report.diagnostics.allSatisfy { $0.position.file == ComposeTree.path })
        #expect(!tree.project.json.isEmpty)
    }
}
