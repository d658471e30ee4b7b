import RecastManifest
import RecastModel
import Testing

@Suite struct VariableTests {
    private static let manifest: MarkedText = """
        services:
          web:
            image: nginx
            environment: {A: "x${TAG}y"}
        """

    private func project(
        _ lines: String, manifest: MarkedText = Self.manifest, files: [String: MarkedText] = [:],
        shell: [String: String] = [:], set: [String: String] = [:]
    ) -> Project {
        let environment = MarkedText(stringLiteral: Project.oneHost.text + "\n" + lines)
        var project = Project(manifest, environment: environment, files: files)
        project.shell = shell
        project.set = set
        return project
    }

    private func value(_ project: Project) -> String? { project.spec()?.environment["A"] ?? nil }

    @Test func `variables win over env files, and what is set by the caller wins over all`() {
        let files: [String: MarkedText] = ["environments/one.env": "TAG=1\nB=b\n", "environments/two.env": "TAG=2\n"]
        #expect(value(project("env_files: [one.env, two.env]", files: files)) == "x2y")
        #expect(value(project("env_files: [two.env, one.env]", files: files)) == "x1y")
        #expect(value(project("env_file: one.env\nvariables: {TAG: 3}", files: files)) == "x3y")
        #expect(value(project("pass: [TAG]\nenv_file: one.env", files: files, shell: ["TAG": "4"])) == "x4y")
        #expect(value(project("variables: {TAG: 3}", set: ["TAG": "5"])) == "x5y")
    }

    @Test func `a variable that only the shell has is an error that says so`() {
        let manifest: MarkedText = "services: {web: {image: nginx, environment: {A: \"x1️⃣${TAG}y\", 2️⃣TAG: }}}"
        let lacking = project("", manifest: manifest, shell: ["TAG": "1"])
        #expect(lacking.mistakes == ["1 manifest.unpassed-variable", "2 manifest.unpassed-variable"])
        #expect(
            lacking.load().diagnostics.first?.help
                == "add it to `variables:` of the environment, or name it under `pass:`")
        #expect(lacking.load().diagnostics.first?.message.contains("'TAG'") == true)
    }

    @Test func `a variable that nothing sets is an error with the ways out`() {
        let manifest: MarkedText = "services: {web: {image: nginx, environment: {A: \"x1️⃣${TAG}y\"}}}"
        #expect(project("", manifest: manifest).mistakes == ["1 manifest.unset-variable"])
        let help = project("variables: {TAGS: 1}", manifest: manifest).load().diagnostics.first?.help
        #expect(help == "did you mean 'TAGS'? Or add it to `variables:`, or give a default: ${TAG:-…}")
        #expect(project("pass: [TAG]", manifest: manifest).mistakes == ["1 manifest.unset-variable"])
    }

    @Test func `a default is used even where the shell has a value, with a warning`() {
        let manifest: MarkedText = "services: {web: {image: nginx, environment: {A: \"1️⃣${TAG:-1}\"}}}"
        let shadowed = project("", manifest: manifest, shell: ["TAG": "2"])
        #expect(shadowed.mistakes == ["1 warning manifest.shadowed-variable"])
        #expect(value(shadowed) == "1")
        #expect(value(project("pass: [TAG]", manifest: manifest, shell: ["TAG": "2"])) == "2")
        #expect(project("pass: [TAG]", manifest: manifest).mistakes.isEmpty)
    }

    @Test func `what is missing because of a variable is told once`() {
        let manifest: MarkedText = """
            services:
              web:
                image: nginx:1️⃣${TAG}
                ports: ["2️⃣${PORT}:80"]
                volumes: ["3️⃣${DIR}:/data"]
            """
        #expect(
            project("", manifest: manifest).mistakes == [
                "1 manifest.unset-variable", "2 manifest.unset-variable", "3 manifest.unset-variable",
            ])
    }

    @Test func `a service that no profile starts may lack its variables`() {
        let manifest: MarkedText = """
            services:
              web: {image: nginx}
              debug: {image: "debug:${NO}", profiles: [debug]}
            """
        #expect(project("", manifest: manifest).mistakes.isEmpty)
        #expect(project("profiles: [debug]", manifest: manifest).mistakes.count == 1)
    }

    @Test func `a name alone takes the environment's value or removes the image's`() {
        let manifest: MarkedText = "services: {web: {image: nginx, environment: [A, B, 1️⃣C, D=]}}"
        let project = project("variables: {A: 1}\npass: [B]", manifest: manifest, shell: ["B": "2"])
        #expect(project.mistakes == ["1 warning manifest.unset-variable"])
        #expect(project.spec()?.environment == ["A": "1", "B": "2", "C": nil, "D": ""])
        #expect(project.spec()?.sensitive == ["B"])
    }

    @Test func `the project's name is a variable`() {
        let manifest: MarkedText = "services: {web: {image: nginx, environment: {A: \"$COMPOSE_PROJECT_NAME\"}}}"
        #expect(value(project("", manifest: manifest)) == "test-shop")
    }

    @Test func `names, forms and dollar signs follow compose-spec`() {
        let manifest: MarkedText = """
            services:
              web:
                image: nginx
                environment: {A: "$TAG $${TAG} ${NO-d} ${EMPTY:-e} ${TAG:+f} ${NO:-${TAG}}"}
                labels: {$TAG: $TAG}
            """
        let project = project("variables: {TAG: 1, EMPTY: ''}", manifest: manifest)
        #expect(value(project) == "1 ${TAG} d e f 1")
        #expect(project.spec()?.labels == ["$TAG": "1"])
    }

    @Test func `values of variables are taken as they stand`() {
        let project = project("variables: {TAG: \"${OTHER}\"}")
        #expect(value(project) == "x${OTHER}y")
        #expect(project.mistakes == ["environments/test.yaml:4:18 warning environment.literal-variable"])
    }

    // MARK: Secrets

    @Test func `what came through pass or is called a secret is sensitive`() {
        let manifest: MarkedText = """
            services:
              web:
                image: nginx
                environment:
                  A: "x${TAG}"
                  B: plain
                  DB_PASSWORD: plain
                  C: "${MY_TOKEN}"
                  DSN: "postgres://app:pw@db/app"
            """
        let project = project("pass: [TAG]\nvariables: {MY_TOKEN: t}", manifest: manifest, shell: ["TAG": "1"])
        #expect(project.spec()?.sensitive == ["A", "DB_PASSWORD", "C", "DSN"])
    }

    @Test func `a secret outside of environment is warned of`() {
        let manifest: MarkedText = "services: {web: {image: nginx, command: \"run 1️⃣${MY_TOKEN}\"}}"
        #expect(
            project("pass: [MY_TOKEN]", manifest: manifest, shell: ["MY_TOKEN": "t"]).mistakes == [
                "1 warning manifest.exposed-secret"
            ])
    }

    @Test func `no message quotes a secret`() {
        let manifest: MarkedText = "services: {web: {image: \"a:1️⃣${MY_TOKEN}\", restart: 2️⃣\"${MY_TOKEN}\"}}"
        let project = project("pass: [MY_TOKEN]", manifest: manifest, shell: ["MY_TOKEN": "s3cret value"])
        let diagnostics = project.load().diagnostics
        #expect(diagnostics.map(\.code).contains("manifest.bad-image"))
        #expect(diagnostics.contains { $0.message.contains(maskedValue) })
        #expect(!"\(diagnostics)".contains("s3cret"))
    }

    // MARK: Env files

    private static let withFile: MarkedText = """
        services:
          web:
            image: nginx
            env_file: [a.env, {path: b.env, required: false}, {path: c.env, format: raw}]
            environment: {D: own}
        """

    @Test func `env files are read in order and environment wins`() {
        let project = project(
            "variables: {TAG: 7}", manifest: Self.withFile,
            files: [
                "manifests/a.env": "A=1\nB=${TAG}\nD=file\nE=\"${D} $A\"\n", "manifests/c.env": "A=${TAG} 'x'\nF\n",
            ])
        #expect(
            project.spec()?.environment == ["A": "${TAG} 'x'", "B": "7", "D": "own", "E": "own 1"])
        #expect(project.mistakes.isEmpty)
    }

    @Test func `what a passed variable goes into is sensitive in an env file too`() {
        let project = project(
            "pass: [SECRET_X]", manifest: Self.withFile,
            files: ["manifests/a.env": "A=pre-${SECRET_X}\nB=b\n", "manifests/c.env": ""],
            shell: ["SECRET_X": "s3cret"])
        #expect(project.spec()?.sensitive == ["A"])
    }

    @Test func `mistakes in an env file have their line`() {
        let project = project(
            "", manifest: Self.withFile,
            files: ["manifests/a.env": "A=1\n1️⃣B=${NO}\n", "manifests/c.env": "X=1\n1️⃣bad name=2\n"])
        #expect(project.mistakes == ["1 manifest.unset-variable", "1 manifest.bad-env-file"])
    }

    @Test func `an env file that is missing, a directory or no text is an error where it is named`() {
        let manifest: MarkedText = "services: {web: {image: nginx, env_file: [1️⃣a.env, 2️⃣b.env, 3️⃣c.env]}}"
        var project = project("", manifest: manifest)
        project.problems = ["manifests/b.env": .isDirectory]
        project.raw = ["manifests/c.env": [0x41, 0x3D, 0xFF]]
        #expect(
            project.mistakes == ["1 manifest.missing-file", "2 manifest.unreadable-file", "3 manifest.bad-env-file"])
    }
}
