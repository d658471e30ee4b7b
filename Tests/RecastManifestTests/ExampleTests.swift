import RecastManifest
import RecastModel
import Testing

/// A shop on three hosts, with every part that a real one has.
@Suite struct ExampleTests {
    static let project: Project = {
        var project = Project(
            manifest, environment: environment, files: ["manifests/api.env": "MODE=live\nLOG_LEVEL=x\n"])
        project.shell = ["GIT_SHA": "abc123"]
        return project
    }()

    private static let environment: MarkedText = """
        name: prod
        after: staging
        manifests: [../manifests/shop.yaml]
        hosts:
          web-1: {engine: "tcp://127.0.0.1:2371", labels: {role: web}}
          web-2: {engine: "tcp://127.0.0.1:2372", labels: {role: web}}
          db-1: {engine: "unix:///run/db.sock", labels: {role: db}}
        variables: {TAG: "1.10", LOG_LEVEL: warn}
        pass: [GIT_SHA]
        overrides: {services: {web: {environment: {EXTRA: 1}}}}
        """

    private static let manifest: MarkedText = """
        name: shop
        services:
          web:
            image: registry.test/web:${TAG}
            ports: ["8080:80"]
            environment: {API_URL: "http://api:3000", RELEASE: "${GIT_SHA}"}
            networks: [front]
            depends_on: {api: {condition: service_healthy}}
            deploy:
              replicas: 2
              placement: {constraints: ["node.labels.role == web"]}
              update_config: {monitor: 5s}
          api:
            image: registry.test/api:${TAG}
            env_file: api.env
            environment: [LOG_LEVEL, DB_PASSWORD=hunter2]
            networks: {front: {aliases: [backend]}, back: {}}
            healthcheck: {test: wget -q localhost}
            depends_on: [postgres, redis]
            deploy: {placement: {constraints: [node.labels.role == web]}}
          worker: {image: registry.test/worker, networks: [back], deploy: {mode: global}}
          redis:
            image: redis:7
            networks: [back]
            deploy: {placement: {constraints: [node.hostname == db-1]}}
          postgres:
            image: postgres:16
            networks: [back]
            volumes: ["data:/var/lib/postgresql/data"]
            deploy: {placement: {constraints: [node.hostname == db-1]}}
        networks: {front: {}, back: {internal: true}}
        volumes: {data: {labels: {backup: daily}}}
        """

    private let desired = Self.project.load().desired

    private func spec(_ service: ServiceName) -> ContainerSpec? {
        desired?.instances.first { $0.address.service == service }?.spec
    }

    @Test func `nothing is wrong with it`() {
        #expect(Set(Self.project.mistakes.map { $0.split(separator: " ").last }) == ["manifest.distant-service"])
        #expect(Self.project.notes.isEmpty)
        #expect(desired?.environment == "prod")
        #expect(desired?.application == "shop")
    }

    @Test func `every instance has its host`() {
        #expect(
            desired?.instances.map { "\($0.host) \($0.address)" } == [
                "db-1 postgres.1", "db-1 redis.1", "db-1 worker.1", "web-1 web.1", "web-1 worker.1", "web-2 api.1",
                "web-2 web.2", "web-2 worker.1",
            ])
    }

    @Test func `images and environments are resolved`() {
        #expect(spec("web")?.image == ImageReference("registry.test/web:1.10"))
        #expect(spec("web")?.environment == ["API_URL": "http://api:3000", "RELEASE": "abc123", "EXTRA": "1"])
        #expect(spec("web")?.sensitive == ["RELEASE"])
        #expect(spec("api")?.environment == ["MODE": "live", "LOG_LEVEL": "warn", "DB_PASSWORD": "hunter2"])
        #expect(spec("api")?.sensitive == ["DB_PASSWORD"])
    }

    @Test func `names on the engine carry environment and application`() {
        #expect(
            spec("api")?.networking.endpoints == [
                Endpoint(network: "prod-shop_back", aliases: ["api"]),
                Endpoint(network: "prod-shop_front", aliases: ["api", "backend"]),
            ])
        #expect(spec("api")?.networking.mode == "prod-shop_back")
        #expect(
            spec("postgres")?.mounts == [
                Mount(.volume(name: "prod-shop_data", noCopy: false), at: "/var/lib/postgresql/data")
            ])
    }

    @Test func `networks and volumes are made where they are needed`() {
        #expect(
            desired?.networks.map { "\($0.host) \($0.name) \($0.internal)" } == [
                "db-1 prod-shop_back true", "web-1 prod-shop_back true", "web-1 prod-shop_front false",
                "web-2 prod-shop_back true", "web-2 prod-shop_front false",
            ])
        #expect(
            desired?.volumes.map { "\($0.host) \($0.name) \($0.labels)" } == [
                "db-1 prod-shop_data [\"backup\": \"daily\"]"
            ])
    }

    @Test func `dependencies and gates follow the manifest`() {
        let web = desired?.instances.first { $0.address.service == "web" }
        let api = desired?.instances.first { $0.address.service == "api" }
        #expect(web?.dependencies == [Dependency("api", .healthy)])
        #expect(web?.gate == GatePolicy(monitor: .seconds(5)))
        #expect(api?.dependencies == [Dependency("postgres"), Dependency("redis")])
        #expect(api?.gate == GatePolicy())
        #expect(web?.position == SourcePosition(file: "manifests/shop.yaml", line: 3, column: 3))
    }

    @Test func `all that was read is there to be shown`() {
        #expect(
            Self.project.load().sources.keys.sorted() == [
                "environments/test.yaml", "manifests/api.env", "manifests/shop.yaml",
            ])
    }

    @Test func `a load is the same every time`() {
        for _ in 0..<5 { #expect(Self.project.load().desired == desired) }
    }
}
