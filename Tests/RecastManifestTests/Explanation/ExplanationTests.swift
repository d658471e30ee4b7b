import RecastModel
import Testing

@testable import RecastManifest

@Suite struct ExplanationTests {
    private static let environment: MarkedText = """
        manifests: [../manifests/shop.yaml]
        hosts: {one: {engine: "unix:///run/one.sock"}}
        variables: {1️⃣TAG: "7", FILLED: full}
        pass: [2️⃣DB_PASSWORD]
        env_files: [dev.env]
        overrides: {services: {web: {environment: {LEVEL: 3️⃣warn}}}}
        """

    private static let manifest: MarkedText = """
        x-common: &common {4️⃣LEVEL: 5️⃣info, REGION: 6️⃣"eu-${ZONE:-1}"}
        include: [7️⃣../inc/db.yaml]
        services:
          base: {image: nginx, environment: {A: 8️⃣base}}
          web:
            9️⃣extends: base
            env_file: web.env
            environment: {<<: *common, A: "${TAG}-${FROM_FILE}", DB_PASSWORD: "${DB_PASSWORD}", COPY: "s3cret!", FILLED: }
            ports: ["8080:80"]
        """

    private static let project: Project = {
        var project = Project(
            manifest, environment: environment,
            files: [
                "environments/dev.env": "# comment\nFROM_FILE=f\n",
                "manifests/web.env": "A=file\nKEPT=1\nX_TOKEN=tttt\n",
                "inc/db.yaml": "services: {db: {image: \"postgres:${PG}\"}}", "inc/.env": "PG=16\n",
            ])
        project.shell = ["DB_PASSWORD": "s3cret"]
        return project
    }()

    private func explain(_ path: String, _ project: Project = Self.project) throws -> Explanation {
        let loaded = project.load()
        return try #require(loaded.provenance).explain(try ValuePath(path), in: loaded.sources)
    }

    /// The marker at a place; one that no marker stands at is spelled out.
    private func place(_ position: SourcePosition) -> String {
        Self.project.files[position.file]?.marker(at: position).map(String.init) ?? position.description
    }

    @Test func `a value names the variables that made it and who gave them`() throws {
        let found = try explain("services.web.environment.A")
        #expect(found.value == "7-f")
        let layer = try #require(found.layers.first)
        #expect(layer.variables.map(\.name) == ["TAG", "FROM_FILE"])
        #expect(layer.variables.map(\.value) == ["7", "f"])
        guard case .environment(let first)? = layer.variables[0].source,
            case .envFile(let second)? = layer.variables[1].source
        else {
            Issue.record("\(layer.variables)")
            return
        }
        #expect(place(first) == "1")
        #expect(second == SourcePosition(file: "environments/dev.env", line: 2, column: 1))
    }

    @Test func `a value names those whose place it took, and the service that brought them`() throws {
        let found = try explain("services.web.environment.A")
        #expect(found.layers.count == 2)
        #expect(place(found.layers[1].site.position) == "8")
        guard case .extended("base", let position)? = found.layers[1].routes.first else {
            Issue.record("\(found.layers[1].routes)")
            return
        }
        #expect(place(position) == "9")
        let level = try explain("services.web.environment.LEVEL")
        #expect(level.value == "warn")
        #expect(level.layers.map { place($0.site.position) } == ["3", "5"])
    }

    @Test func `a default is told from a value`() throws {
        let found = try explain("services.web.environment.REGION")
        #expect(found.value == "eu-1")
        #expect(place(found.layers[0].site.position) == "6")
        #expect(found.layers[0].variables == [.init("ZONE", value: nil, source: nil)])
    }

    @Test func `what is included says where, and knows its own variables`() throws {
        let found = try explain("services.db.image")
        #expect(found.value == "postgres:16")
        guard case .included(let position)? = found.layers[0].routes.first else {
            Issue.record("\(found.layers[0].routes)")
            return
        }
        #expect(place(position) == "7")
        #expect(
            found.layers[0].variables == [
                .init("PG", value: "16", source: .envFile(SourcePosition(file: "inc/.env", line: 1, column: 1)))
            ])
    }

    @Test func `an alias shows its text where it is written`() throws {
        let project = Project(
            """
            services:
              web:
                image: nginx
                labels: {a: &x 1️⃣one, b: 2️⃣*x}
              api:
                <<: &api {image: 3️⃣api}
            """)
        let loaded = project.load()
        let provenance = try #require(loaded.provenance)
        let label = try provenance.explain(try ValuePath("services.web.labels.b"), in: loaded.sources)
        #expect(project.files[Project.manifestPath]?.marker(at: label.layers[0].site.position) == 1)
        guard case .alias(let use)? = label.layers[0].routes.first else {
            Issue.record("\(label.layers[0].routes)")
            return
        }
        #expect(project.files[Project.manifestPath]?.marker(at: use) == 2)
    }

    @Test func `a merge key is named`() throws {
        let project = Project(
            """
            x-a: &a {image: 1️⃣nginx}
            services:
              web:
                <<: *a
                restart: always
            """)
        let found = try explain("services.web.image", project)
        #expect(found.layers[0].routes == [.mergeKey])
        #expect(project.files[Project.manifestPath]?.marker(at: found.layers[0].site.position) == 1)
    }

    @Test func `values of env files have their line, and the service's own win`() throws {
        let found = try explain("services.web.environment.KEPT")
        #expect(
            found.layers.map(\.site) == [
                .init(SourcePosition(file: "manifests/web.env", line: 2, column: 1), line: "KEPT=1")
            ])
    }

    @Test func `a key alone takes a variable`() throws {
        let found = try explain("services.web.environment.FILLED")
        #expect(found.value == "full")
        #expect(found.layers[0].variables.map(\.name) == ["FILLED"])
        #expect(!found.isImplied)
    }

    @Test(arguments: [
        "services.web.environment.DB_PASSWORD", "services.web.environment.COPY", "services.web.environment.X_TOKEN",
    ])
    func `no secret is shown, nor the part of a line that holds it`(path: String) throws {
        let found = try explain(path)
        #expect(found.isSecret)
        #expect(found.value == "\"\(maskedValue)\"")
        #expect(!"\(found)".contains("s3cret"))
        #expect(!"\(found)".contains("tttt"))
        #expect(!"\(try explain("services.web.environment"))".contains("s3cret"))
    }

    @Test func `a secret of the same line is masked`() throws {
        let found = try explain("services.web.environment.A")
        #expect(found.layers[0].site.line?.contains("s3cret") == false)
        #expect(found.layers[0].site.line?.contains("${TAG}") == true)
    }

    @Test func `what no file says follows from what does`() throws {
        #expect(try explain("services.web.ports.0.mode").isImplied)
        #expect(try explain("networks.default").isImplied)
        #expect(try !explain("services.web.ports.0.published").isImplied)
        #expect(try !explain("services.web.environment").isImplied)
    }

    @Test func `the only value of an env file stands in its line`() throws {
        let project = Project(
            "services: {web: {image: nginx, env_file: web.env}}", files: ["manifests/web.env": "A=1\n"])
        #expect(try !explain("services.web.environment.A", project).isImplied)
    }

    @Test func `a collection lists what is in it`() throws {
        let found = try explain("services.web.ports")
        #expect(found.parts.map(\.key) == ["0"])
        #expect(found.value.contains("published: \"8080\""))
    }

    @Test(arguments: [
        ("services.wbe", "there is no 'wbe' in services", "did you mean 'services.web'?"),
        ("services.web.ports.3", "there is no item '3' in services.web.ports", "its items are 0 to 0"),
        ("servics", "there is no 'servics' in the top level", "did you mean 'services'?"),
        ("services.web.image.x", "services.web.image is a string: there is no 'x' in it", nil),
    ])
    func `a path that leads nowhere says where it ends`(path: String, message: String, help: String?) throws {
        let loaded = Self.project.load()
        let provenance = try #require(loaded.provenance)
        let parsed = try ValuePath(path)
        do throws(UnknownPath) {
            _ = try provenance.explain(parsed, in: loaded.sources)
            Issue.record("\(path) leads somewhere")
        } catch {
            #expect(error.message == message)
            #expect(error.help == help)
        }
    }

    @Test func `mistakes elsewhere do not keep a value from being explained`() throws {
        let project = Project("services: {web: {image: NGINX, hostname: a}}")
        #expect(project.load().desired == nil)
        #expect(try explain("services.web.hostname", project).value == "a")
    }
}

@Suite struct ValuePathTests {
    @Test(arguments: [
        ("services.web.ports.0", ["services", "web", "ports", "0"]), ("a", ["a"]),
        ("services.\"a.b\".image", ["services", "a.b", "image"]), ("x.'a\"b'", ["x", "a\"b"]), ("x.\"\"", ["x", ""]),
    ])
    func `keys are separated by dots unless they are quoted`(text: String, keys: [String]) throws {
        let path = try ValuePath(text)
        #expect(path.keys == keys)
        #expect(try ValuePath(path.description) == path)
    }

    @Test(arguments: ["", "a.", ".a", "a..b", "a.\"b", "\"a\"b"])
    func `what is no path says why`(text: String) {
        #expect(throws: ValuePath.Fault.self) { try ValuePath(text) }
    }
}

@Suite struct SourcePathsTests {
    @Test func `a place belongs to the innermost value that begins there or before`() {
        let text: MarkedText = """
            services:
              1️⃣web: {2️⃣image: 3️⃣nginx, ports: ["4️⃣8080:805️⃣"]}
            """
        let paths = SourcePaths(["a.yaml": Array(text.text.utf8)])
        func path(_ line: Int, _ column: Int) -> String? {
            paths.path(at: SourcePosition(file: "a.yaml", line: line, column: column))
        }
        #expect(path(2, 3) == "services.web")
        #expect(path(2, 9) == "services.web.image")
        #expect(path(2, 16) == "services.web.image")
        #expect(path(2, 31) == "services.web.ports.0")
        #expect(paths.path(at: SourcePosition(file: "b.yaml", line: 1, column: 1)) == nil)
    }
}
