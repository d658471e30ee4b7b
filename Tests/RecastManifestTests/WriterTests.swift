import RecastManifest
import RecastModel
import Testing

/// Who may write to a volume.
@Suite struct WriterTests {
    @Test(arguments: [
        ("volumes: [\"data:/a\"]", ["2 manifest.several-writers"]), ("volumes: [\"data:/a:ro\"]", []),
        ("volumes: [{type: volume, source: data, target: /a, read_only: true}]", []), ("", []),
        ("volumes: [other:/a]", []),
    ])
    func `one service writes to a volume of a host`(lines: String, mistakes: [String]) {
        let marked = lines.replacing("\"data", with: "\"2️⃣data")
        let project = Project(
            MarkedText(
                stringLiteral: """
                    services:
                      api: {image: api, volumes: ["data:/data"]}
                      web:
                        image: web
                        \(marked)
                    volumes: {data: , other: }
                    """))
        #expect(project.mistakes == mistakes)
    }

    @Test func `two that get along share one`() {
        let project = Project(
            """
            services:
              api: {image: api, volumes: ["data:/data"]}
              web: {image: web, volumes: ["data:/data"]}
            volumes: {data: {name: uploads, x-recast: {shared: true}}}
            """)
        #expect(project.mistakes == [])
        #expect(project.load().desired?.instances.map(\.sharedVolumes) == [["uploads"], ["uploads"]])
        #expect(project.load().desired?.volumes.map(\.services) == [["api", "web"]])
    }

    @Test func `several instances on a host do not share one either`() {
        let project = project("deploy: {replicas: 3}\nvolumes: [\"data:/data\"]", rest: "volumes: {data: }")
        #expect(project.load().diagnostics.map(\.code) == ["manifest.several-writers"])
    }

    @Test func `on each host of a global service there is one`() {
        let project = Project(
            """
            services: {web: {image: web, deploy: {mode: global}, volumes: ["data:/data"]}}
            volumes: {data: }
            """,
            environment: """
                manifests: [../manifests/shop.yaml]
                hosts:
                  one: {engine: "unix:///run/one.sock"}
                  two: {engine: "unix:///run/two.sock"}
                """)
        #expect(project.mistakes == [])
    }

    private func project(_ lines: String, rest: String) -> Project {
        let indented = lines.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        return Project(MarkedText(stringLiteral: "services:\n  web:\n    image: web\n\(indented)\n\(rest)\n"))
    }
}

/// An order that a service cannot have.
@Suite struct OrderTests {
    @Test(arguments: [
        ("ports: [\"80:80\"]", true), ("ports: [80]", false), ("ports: [\"8000-8010:80\"]", false),
        ("volumes: [\"data:/data\"]", true), ("volumes: [\"data:/data:ro\"]", false),
        ("volumes: [\"uploads:/data\"]", false), ("expose: [80]", false),
    ])
    func `start-first with what only one can hold is told before the first change`(line: String, isTold: Bool) {
        let project = Project(
            MarkedText(
                stringLiteral: """
                    services:
                      web:
                        image: web
                        \(line)
                        deploy: {1️⃣update_config: {order: start-first}}
                    volumes: {data: , uploads: {x-recast: {shared: true}}}
                    """))
        #expect(project.mistakes == (isTold ? ["1 warning manifest.conflict"] : []))
    }
}
