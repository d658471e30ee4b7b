import RecastModel
import Testing

@testable import RecastManifest

/// A folder in memory, for what `init` makes of it.
private struct Folder {
    var files: [String: String]
    var shell: [String: String] = [:]

    private func read(_ path: String) -> Result<[UInt8], FileProblem> {
        files[path].map { .success(Array($0.utf8)) } ?? .failure(.notFound)
    }

    func adopt(_ manifest: String = "/work/shop/compose.yaml") -> Adoption {
        Adoption(manifest: manifest, folder: "/work/shop", read: read) { environment in
            EnvironmentLoader(
                read: { $0 == environment.path ? .success(Array(environment.text.utf8)) : read($0) },
                processVariable: { shell[$0] }
            ).load(environmentFile: environment.path)
        }
    }

    /// What the written environment means.
    func load(_ adoption: Adoption) -> LoadedEnvironment {
        var files = files
        files[Starter.environmentPath] = adoption.environment?.text
        let all = files
        return EnvironmentLoader(
            read: { all[$0].map { .success(Array($0.utf8)) } ?? .failure(.notFound) },
            processVariable: { shell[$0] }
        ).load(environmentFile: Starter.environmentPath)
    }
}

@Suite struct StarterTests {
    @Test func `the example is valid as it stands`() {
        let files = Dictionary(uniqueKeysWithValues: Starter.files.map { ($0.path, Array($0.text.utf8)) })
        let loader = EnvironmentLoader(
            read: { files[$0].map { .success($0) } ?? .failure(.notFound) }, processVariable: { _ in nil })
        let loaded = loader.load(environmentFile: Starter.environmentPath)
        #expect(loaded.diagnostics == [])
        #expect(loaded.desired?.instances.count == 1)
        #expect(loaded.desired?.instances.first?.spec.environment["LOG_LEVEL"] == "debug")
    }

    @Test func `what must not be committed is passed, and stands in no file`() {
        let folder = Folder(files: [
            "compose.yaml": """
            services:
              web: {image: "a:${TAG}", environment: ["A=${DATABASE_URL}", "B=${COMBO}", "C=${DSN}"], secrets: [t]}
            secrets: {t: {environment: TOK}}
            """,
            ".env": """
            TAG=1
            DB_PASSWORD=hunter2
            DATABASE_URL=postgres://u:hunter3@db/x
            COMBO="a $DB_PASSWORD"
            DSN=host=db
            TOK=hunter4
            """,
        ])
        let text = folder.adopt().environment?.text ?? ""
        #expect(!text.contains("hunter"))
        #expect(text.contains("DSN") && text.contains("TAG"))
        #expect(text.contains("pass: [DATABASE_URL, COMBO, TOK]"))
    }

    @Test func `an ordinary file gets an environment that is valid`() {
        let folder = Folder(files: [
            "compose.yaml": "services: {web: {image: \"nginx:${TAG}\", ports: [\"80:80\"]}}",
            ".env": "TAG='1.27'\nOTHER=x\n",
        ])
        let adoption = folder.adopt()
        #expect(adoption.decisions.map(\.isNeeded) == [false])
        let loaded = folder.load(adoption)
        #expect(loaded.diagnostics == [])
        #expect(loaded.desired?.application == "shop")
        #expect(loaded.desired?.instances.first?.spec.image.description.hasSuffix("nginx:1.27") == true)
        #expect(adoption.environment?.text.contains("OTHER") == false)
    }

    @Test func `a file keeps its name and its place`() {
        let folder = Folder(files: ["../other/app.yaml": "name: given\nservices: {web: {image: nginx:1}}"])
        let adoption = folder.adopt("/work/other/app.yaml")
        #expect(adoption.environment?.text.contains("../../other/app.yaml") == true)
        #expect(folder.load(adoption).desired?.application == "given")
    }

    @Test func `secrets come from the shell, and what nobody knows is left open`() throws {
        let manifest = """
            services:
              web:
                image: nginx:1
                environment:
                  A: ${MISSING}
                  B: ${DEFAULTED:-1}
                  C: ${NESTED:-${INNER}}
                  D: ${DB_PASSWORD:?}
                  E:
                x-mine: ${NOT_READ}
                build: {args: {F: "${NOT_READ}"}}
            """
        var folder = Folder(files: ["compose.yaml": manifest, ".env": "E=e\nDB_PASSWORD=geheim\n"])
        let adoption = folder.adopt()
        let text = try #require(adoption.environment?.text)
        #expect(text.contains("pass: [DB_PASSWORD]"))
        #expect(text.contains("\n  E: e\n"))
        #expect(text.contains("# MISSING:"))
        #expect(text.contains("# INNER:"))
        #expect(!text.contains("DEFAULTED"))
        #expect(!text.contains("NOT_READ"))
        #expect(!text.contains("geheim"))
        let needed = adoption.decisions.filter(\.isNeeded).map(\.position.line)
        #expect(needed == [5, 7, 8])
        #expect(folder.load(adoption).diagnostics.filter { $0.severity == .error }.map(\.position.line) == needed)
        folder.shell = ["DB_PASSWORD": "x"]
        #expect(folder.adopt().decisions.filter(\.isNeeded).map(\.position.line) == [5, 7])
    }

    @Test func `everything to be decided is told once, with its place`() {
        let manifest = """
            services:
              web:
                build: .
                container_name: shop
                ports: ["8080:80"]
                volumes: ["./a:/a", "/b:/b", "data:/c"]
                external_links: [x]
              api:
                image: api
              db:
                image: db:latest
            volumes: {data: }
            """
        let adoption = Folder(files: ["compose.yaml": manifest, "compose.override.yaml": "{}"]).adopt()
        let told = adoption.decisions.map { "\($0.position.file):\($0.position.line) \($0.isNeeded)" }
        #expect(
            told == [
                "compose.yaml:3 true", "compose.yaml:4 false", "compose.yaml:5 false", "compose.yaml:6 true",
                "compose.yaml:6 false", "compose.yaml:6 false", "compose.yaml:7 true", "compose.yaml:9 false",
                "compose.yaml:11 false", "environments/dev.yaml:6 false",
            ])
    }

    @Test func `what cannot be read gets no environment`() {
        #expect(Folder(files: [:]).adopt().diagnostics.map(\.code) == ["manifest.missing-file"])
        let broken = Folder(files: ["compose.yaml": "a: [\n"]).adopt()
        #expect(broken.environment == nil)
        #expect(broken.diagnostics.map(\.code) == ["yaml.syntax"])
        #expect(Folder(files: ["compose.yaml": ""]).adopt().diagnostics.map(\.code) == ["manifest.empty-file"])
    }
}
