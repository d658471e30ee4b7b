import RecastManifest

/// An example for each code of manifests.
enum ManifestExamples {
    static let all = form + variables + references + services + placement

    private static let form = [
        service("unknown-key", "enviroment: { A: \"1\" }"),
        service("unknown-key", "replicas: 3"),
        service("unsupported-key", "external_links: [legacy_db]"),
        service("unsupported-value", "volumes: [{ type: npipe, source: /a, target: /a }]"),
        service("missing-key", "ports: [{ published: \"8080\" }]"),
        service("wrong-type", "user: 1000"),
        service("bad-value", "stop_grace_period: 10S"),
        service("bad-value", "ports: [\"80800:80\"]"),
        service("bad-value", "x-recast: { ready: { http: \"http://db:8080/health\" } }"),
        service("bad-value", "x-recast: { schema: { works: 44-42 } }"),
        manifest("bad-name", "services:\n  web_@1: { image: nginx }"),
        service("changed-text", "labels: { version: 1.10 }"),
        service("conflict", "network_mode: host\nnetworks: [default]"),
        service("conflict", "x-recast: { task: before, canary: 1 }"),
        service("conflict", "x-recast: { schema: { works: 42-43, head: 44 } }"),
        service("empty-section", "ports:"),
        service("repeated-item", "environment: [LEVEL=info, LEVEL=warn]"),
        manifest("no-effect", "version: \"3.8\"\nservices:\n  web: { image: nginx }"),
        service("no-effect", "deploy: { rollback_config: { parallelism: 2 } }"),
        service("missing-file", "env_file: web.env"),
        service("unknown-tag", "hostname: !secret web"),
        service("tag-in-list", "cap_add: [!reset NET_ADMIN]"),
        Example(
            code: "manifest.unreadable-file",
            project: with(lines("env_file: web.env")) { $0.problems["manifests/web.env"] = .isDirectory },
            shown: [Project.manifestPath], remark: "Where `web.env` is a directory:"),
        Example(
            code: "manifest.bad-env-file",
            project: Project(lines("env_file: web.env"), files: ["manifests/web.env": "A=1\nB C=2\n"]),
            shown: [Project.manifestPath, "manifests/web.env"], remark: nil),
        Example(
            code: "manifest.unread-override",
            project: Project(
                "services: { web: { image: nginx } }",
                files: ["manifests/compose.override.yaml": "services: { web: { ports: [\"80\"] } }"]),
            shown: [Project.manifestPath, "manifests/compose.override.yaml"], remark: nil),
    ]

    private static let variables = [
        service("bad-interpolation", "hostname: \"${NAME\""),
        service("unset-variable", "hostname: ${NAME}"),
        service("required-variable", "hostname: ${NAME:?say which}"),
        Example(
            code: "manifest.unpassed-variable",
            project: with(lines("hostname: ${NAME}")) { $0.shell = ["NAME": "web-1"] },
            shown: [Project.manifestPath], remark: "Where the shell has `NAME`:"),
        Example(
            code: "manifest.shadowed-variable",
            project: with(lines("hostname: ${NAME:-web}")) { $0.shell = ["NAME": "web-1"] },
            shown: [Project.manifestPath], remark: "Where the shell has `NAME`:"),
        environment(
            "exposed-secret", lines("command: [\"serve\", \"--key\", \"${API_TOKEN}\"]"),
            "variables: { API_TOKEN: abcd }"),
    ]

    private static let references = [
        service("undefined-network", "networks: [frnt]\n", rest: "networks: { front: }"),
        service("undefined-volume", "volumes: [\"dta:/srv\"]", rest: "volumes: { data: }"),
        service("undefined-service", "depends_on: [db]"),
        service("undefined-config", "configs: [app]"),
        service("undefined-secret", "secrets: [token]"),
        service("undefined-model", "models: [llm]"),
        manifest(
            "duplicate-container-name",
            "services:\n  web: { image: nginx, container_name: shop }\n  api: { image: api, container_name: shop }"),
        manifest(
            "disabled-service",
            "services:\n  web: { image: nginx, depends_on: [debug] }\n  debug: { image: debug, profiles: [debug] }"),
        manifest(
            "dependency-cycle",
            "services:\n  web: { image: nginx, depends_on: [api] }\n  api: { image: api, depends_on: [web] }"),
        manifest(
            "missing-healthcheck",
            """
            services:
              web: { image: nginx, depends_on: { db: { condition: service_healthy } } }
              db: { image: postgres, healthcheck: { disable: true } }
            """),
    ]

    private static let services = [
        manifest("missing-image", "services:\n  web: { restart: always }"),
        manifest("bad-image", "services:\n  web: { image: NGINX }"),
        service("bad-command", "command: sh -c 'date"),
        service("bad-command", "command: echo hello | tee /log"),
        service("relative-path", "volumes: [\"./data:/data\"]"),
        service("reserved-label", "labels: { io.recast.owner: me }"),
        service("mount-conflict", "volumes: [\"/srv/a:/data\"]\ntmpfs: [/data]"),
        manifest(
            "port-conflict",
            "services:\n  web: { image: nginx, ports: [\"80:80\"] }\n  api: { image: api, ports: [\"80:8080\"] }"),
        service("port-without-network", "network_mode: host\nports: [\"80:80\"]"),
    ]

    private static let placement = [
        service("bad-constraint", "deploy: { placement: { constraints: [node.lables.role == web] } }"),
        service("no-matching-host", "deploy: { placement: { constraints: [node.labels.role == web] } }"),
        service("too-many-replicas", "deploy: { replicas: 2 }\nports: [\"80:80\"]"),
        environment(
            "unpinned-volume", lines("volumes: [\"data:/data\"]", rest: "volumes: { data: }"), "", hosts: twoHosts),
        manifest(
            "several-writers",
            """
            services:
              api:
                image: shop/api:1
                volumes: ["uploads:/data"]
              web:
                image: shop/web:1
                volumes: ["uploads:/data"]
            volumes: { uploads: }
            """),
        environment(
            "distant-service",
            """
            services:
              web:
                image: nginx
                depends_on: [db]
                deploy: { placement: { constraints: [node.hostname == one] } }
              db:
                image: postgres
                deploy: { placement: { constraints: [node.hostname == two] } }
            """, "", hosts: twoHosts),
    ]

    private static let twoHosts = """
        manifests: [../manifests/shop.yaml]
        hosts:
          one: { engine: "ssh://one" }
          two: { engine: "ssh://two" }
        """

    // MARK: Making one

    private static func manifest(_ code: String, _ text: MarkedText) -> Example {
        Example(code: "manifest.\(code)", project: Project(text), shown: [Project.manifestPath], remark: nil)
    }

    /// `lines` below a service with an image, `rest` at the top level.
    private static func service(_ code: String, _ text: String, rest: String = "") -> Example {
        manifest(code, lines(text, rest: rest))
    }

    private static func environment(
        _ code: String, _ manifest: MarkedText, _ lines: String, hosts: String = Project.oneHost.text
    ) -> Example {
        let environment = MarkedText(stringLiteral: hosts + "\n" + lines)
        return Example(
            code: "manifest.\(code)", project: Project(manifest, environment: environment),
            shown: [Project.manifestPath, Project.environmentPath], remark: nil)
    }

    private static func lines(_ lines: String, rest: String = "") -> MarkedText {
        let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        return MarkedText(stringLiteral: "services:\n  web:\n    image: nginx:1.27\n\(indented)\(rest)")
    }

    private static func with(_ manifest: MarkedText, _ change: (inout Project) -> Void) -> Project {
        var project = Project(manifest)
        change(&project)
        return project
    }
}
