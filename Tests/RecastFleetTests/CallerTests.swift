import Foundation
import Testing

extension FleetTests {
    /// The configuration managers of docs/guides/ci.md: each deploys once, and changes nothing the second time.
    @Suite(.serialized) struct CallerTests {
        private static let guide = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/guides/ci.md")

        /// Chef is in no Debian; this is what its `execute` does with what the guide uses of it.
        private static let chef = """
            def execute(command, &properties)
              resource = Class.new do
                define_method(:cwd) { |folder| @folder = folder }
                define_method(:not_if) { |guard, cwd:| @done = system(guard, chdir: cwd, out: File::NULL) }
                define_method(:run) { @done ? 'up to date' : system(command, chdir: @folder) ? 'executed' : exit(1) }
              end.new
              resource.instance_eval(&properties)
              puts resource.run
            end

            """

        /// The block of the guide in that language, for the project's folder.
        private func block(_ language: String, for project: TestProject) throws -> String {
            let guide = try String(contentsOf: Self.guide, encoding: .utf8)
            let start = try #require(guide.range(of: "```\(language)\n")).upperBound
            let end = try #require(guide.range(of: "\n```", range: start..<guide.endIndex)).lowerBound
            return String(guide[start..<end]).replacing("/srv/shop", with: project.folder)
                .replacing("/usr/local/bin", with: binaries(project))
        }

        private func binaries(_ project: TestProject) -> String {
            URL(filePath: project.fleet.binary).deletingLastPathComponent().path
        }

        /// Runs that twice; `words`: what its output has the first time only, and the second time only.
        private func expect(
            _ program: String, _ arguments: [String], file name: String, _ text: (TestProject) throws -> String,
            words: (String, String)
        ) async throws {
            try await TestProject.with { project in
                try project.write(web: "web:1")
                try FileManager.default.moveItem(
                    atPath: "\(project.folder)/environments/test.yaml",
                    toPath: "\(project.folder)/environments/prod.yaml")
                let locked = try await project.recast("lock", "prod")
                try #require(locked.status == 0, "\(locked.errors)")
                let file = "\(project.folder)/\(name)"
                try text(project).write(toFile: file, atomically: true, encoding: .utf8)
                let path = "\(binaries(project)):/usr/sbin:/usr/bin:/sbin:/bin"
                for (word, other) in [words, (words.1, words.0)] {
                    let ended = try await Command(
                        program, arguments + [file], in: project.folder,
                        environment: ["PATH": path, "HOME": project.folder, "LC_ALL": "C.UTF-8"]
                    ).run()
                    let isAsExpected = ended.output.contains(word) && !ended.output.contains(other)
                    #expect(isAsExpected, "\(ended.status) \(ended.output)\(ended.errors)")
                    #expect(try await project.running(on: "h1").count == 1)
                }
            }
        }

        @Test func `Ansible deploys once`() async throws {
            try await expect(
                "/usr/bin/ansible-playbook", ["-i", "localhost,", "-c", "local"], file: "play.yml",
                { "- hosts: localhost\n  gather_facts: false\n  tasks:\n" + indented(try block("yaml", for: $0)) },
                words: ("changed=1 ", "changed=0 "))
        }

        private func indented(_ text: String) -> String {
            text.split(separator: "\n").map { "    " + $0 }.joined(separator: "\n") + "\n"
        }

        @Test func `Puppet deploys once`() async throws {
            try await expect(
                "/bin/sh", ["-c", #"puppet apply --detailed-exitcodes --color false "$1"; echo "ended with $?""#, "-"],
                file: "site.pp", { try block("puppet", for: $0) }, words: ("ended with 2", "ended with 0"))
        }

        @Test func `a Chef recipe deploys once`() async throws {
            try await expect(
                "/usr/bin/ruby", [], file: "recipe.rb", { Self.chef + (try block("ruby", for: $0)) },
                words: ("executed", "up to date"))
        }
    }
}
