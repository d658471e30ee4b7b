import RecastManifest
import RecastModel
import RecastYAML
import Testing

/// What a host shall run, as a compose file.
@Suite struct ComposeFileTests {
    private let text = ExampleTests.project.load().desired?.composeFile(of: "web-2").yamlText ?? ""

    @Test func `names, defaults and values are resolved, and secrets are masked`() {
        #expect(text == Self.golden)
    }

    @Test func `no sensitive value is in it`() {
        #expect(!text.contains("hunter2"))
        #expect(!text.contains("abc123"))
    }

    @Test func `a dollar sign is doubled, as a reader of compose-spec halves it`() {
        let desired = project("command: [echo, $$HOME]").load().desired
        #expect(desired?.composeFile(of: "one").yamlText.contains("- echo\n      - $$HOME\n") == true)
    }

    @Test func `it is YAML again`() {
        let parsed = YAMLParser(file: "config.yaml").parse(Array(text.utf8))
        #expect(parsed.diagnostics.isEmpty)
        #expect(parsed.root != nil)
    }

    @Test func `everything that a container can have is in it`() {
        let desired = project(
            """
            entrypoint: [a]
            command: []
            environment: {A: "it's: ${B}", C: }
            init: true
            restart: on-failure:2
            cpus: 1.25
            mem_limit: 1g
            ports: ["127.0.0.1:80:80"]
            expose: [81]
            stop_grace_period: 90s
            healthcheck: {test: [CMD, x], interval: 1m30s, timeout: 500ms}
            ulimits: {nofile: 5}
            tmpfs: /run:size=1m
            volumes: ["/a:/b:ro", {type: tmpfs, target: /c, tmpfs: {size: 1m}}]
            logging: {driver: syslog, options: {tag: x}}
            security_opt: [systempaths=unconfined]
            deploy: {replicas: 1}
            """, variables: "{B: b}"
        ).load().desired
        let text = desired?.composeFile(of: "one").yamlText ?? ""
        for line in [
            "entrypoint:", "command: []", "A: \"it's: b\"", "C: null", "init: true", "restart: on-failure:2",
            "cpus: \"1.25\"",
            "mem_limit: 1073741824", "host_ip: \"127.0.0.1\"", "- 81/tcp", "stop_grace_period: 90s", "interval: 1m30s",
            "timeout: 500ms", "soft: 5", "- /run:size=1m", "type: bind", "read_only: true", "size: 1048576",
            "driver: syslog", "- systempaths=unconfined",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    private static let golden = """
        name: prod-shop
        services:
          api:
            image: registry.test/api:1.10
            environment:
              DB_PASSWORD: "********"
              LOG_LEVEL: warn
              MODE: live
            healthcheck:
              test:
                - CMD-SHELL
                - wget -q localhost
            networks:
              prod-shop_back:
                aliases:
                  - api
              prod-shop_front:
                aliases:
                  - api
                  - backend
            depends_on:
              postgres:
                condition: service_started
              redis:
                condition: service_started
          web:
            image: registry.test/web:1.10
            environment:
              API_URL: http://api:3000
              EXTRA: "1"
              RELEASE: "********"
            networks:
              prod-shop_front:
                aliases:
                  - web
            ports:
              - target: 80
                published: "8080"
                protocol: tcp
            depends_on:
              api:
                condition: service_healthy
          worker:
            image: registry.test/worker:latest
            networks:
              prod-shop_back:
                aliases:
                  - worker
        networks:
          prod-shop_back:
            name: prod-shop_back
            internal: true
          prod-shop_front:
            name: prod-shop_front

        """
}

/// What must not be shown of a service, wherever it stands.
@Suite struct MaskingTests {
    @Test func `what the shell passed and passwords of URLs are masked, and an image's name is not`() {
        var project = Project(
            """
            services:
              web:
                image: shop/web:${SHA}
                command: ["--sha=${SHA}", "--db=pg://me:word@db/x", "--level=info"]
                labels: {build: "${SHA}"}
            """, environment: MarkedText(stringLiteral: Project.oneHost.text + "\npass: [SHA]\n"))
        project.shell = ["SHA": "abc123"]
        let text = project.load().desired?.composeFile(of: "one").yamlText ?? ""
        #expect(text.contains("image: shop/web:abc123"))
        #expect(text.contains("--level=info"))
        #expect(text.split(separator: "abc123").count == 2, "\(text)")
        #expect(!text.contains("word"))
    }
}
