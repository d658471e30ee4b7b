import Foundation
import RecastModel
import RecastYAML
import Testing

extension FleetTests {
    /// The pipelines of the documentation: they can be read, and their steps do what they say.
    @Suite(.serialized) struct PipelineTests {
        private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/guides/ci")
        private static let mark = "not run by the tests"

        private func text(_ name: String) throws -> String {
            try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        }

        /// The texts under a key, in the order of the file, but those whose line, or the one before, is marked.
        private func steps(under key: String, in name: String) throws -> [String] {
            let text = try text(name)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let result = YAMLParser(file: name).parse(Array(text.utf8))
            #expect(result.diagnostics.isEmpty)
            return found(under: key, in: try #require(result.root)).filter { step in
                let line = step.position.line
                return !lines[max(line - 3, 0)..<line].contains { $0.contains(Self.mark) }
            }.compactMap(\.text)
        }

        private func found(under key: String, in node: YAMLNode) -> [YAMLNode] {
            switch node.content {
            case .mapping(let entries):
                entries.flatMap { $0.key == key ? leaves(of: $0.value) : found(under: key, in: $0.value) }
            case .sequence(let items): items.flatMap { found(under: key, in: $0) }
            default: []
            }
        }

        private func leaves(of node: YAMLNode) -> [YAMLNode] {
            if case .sequence(let items) = node.content { items } else { [node] }
        }

        /// Staging and production of one manifest, both pinned.
        private func write(_ project: TestProject) async throws {
            try project.write(
                services: """
                      web:
                        image: ${REGISTRY}/shop/web:1
                        stop_grace_period: 1s
                        deploy: { update_config: { monitor: 0s } }
                    """)
            for (stage, host) in ["staging": "h1", "prod": "h2"] {
                let text = """
                    manifests: [../manifests/app.yaml]
                    hosts: { \(host): { engine: "unix://\(project.fleet.socket(host))" } }
                    variables: { REGISTRY: "\(project.fleet.registry)" }
                    """
                try text.write(
                    toFile: "\(project.folder)/environments/\(stage).yaml", atomically: true, encoding: .utf8)
                let locked = try await project.recast("lock", stage)
                try #require(locked.status == 0, "\(locked.errors)")
            }
        }

        private func waitUntilPromotable(_ project: TestProject) async throws {
            for _ in 0..<60 {
                if try await project.recast("promote", "staging", "prod", "--dry-run").status == 0 { return }
                try await Task.sleep(for: .milliseconds(500))
            }
        }

        private func run(_ steps: [String], in project: TestProject) async throws {
            #expect(steps.count > 4, "\(steps)")
            let path = URL(filePath: project.fleet.binary).deletingLastPathComponent().path
            let variables = [
                "PATH": "\(path):/usr/bin:/bin", "GITHUB_REF_NAME": "main", "CI_COMMIT_TITLE": "a title with 'quotes'",
            ]
            for step in steps {
                // Somebody starts that job later, when the engine's own health checks have been asked.
                if step.contains("recast promote") { try await waitUntilPromotable(project) }
                let ended = try await Command(
                    "/bin/sh", ["-e", "-c", step], in: project.folder, environment: variables
                ).run()
                #expect(ended.status == 0, "\(step): \(ended.output)\(ended.errors)")
            }
            for (stage, host) in ["staging": "h1", "prod": "h2"] {
                let plan = try await project.recast("plan", stage, "--detailed-exitcode")
                #expect(plan.status == 0, "\(plan.output)\(plan.errors)")
                #expect(try await project.running(on: host).count == 1)
            }
            let history = try String(contentsOfFile: "\(project.folder)/history.ndjson", encoding: .utf8)
            #expect(history.contains("\"release\":1"))
        }

        @Test(arguments: [("github.yml", "run"), ("gitlab-ci.yml", "script")])
        func `the steps of a pipeline deploy`(name: String, key: String) async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try await write(project)
                try await run(try steps(under: key, in: name), in: project)
            }
        }

        @Test func `the steps of the Jenkinsfile deploy`() async throws {
            try await TestProject.with(hosts: ["h1", "h2"]) { project in
                try await write(project)
                let text = try text("Jenkinsfile")
                #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
                let steps = text.matches(of: /sh '([^']+)'/).map { String($0.1) }
                try await run(steps, in: project)
            }
        }
    }
}
