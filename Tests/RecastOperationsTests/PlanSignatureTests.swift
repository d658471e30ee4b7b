import Foundation
import RecastModel
import SystemPackage
import Testing

@testable import RecastOperations

/// Plans that people sign with OpenSSH's own program.
@Suite struct PlanSignatureTests {
    private let plan = Array("{\"kind\": \"sealed-plan\"}".utf8)

    private func with(_ body: (FilePath, PlanSignatures) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["ana", "bob", "eve"] {
            let program = Process()
            program.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
            program.arguments = ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", folder.appending(path: name).path]
            try program.run()
            program.waitUntilExit()
        }
        let signers = try ["ana", "bob"].map { name in
            let key = try String(contentsOf: folder.appending(path: name + ".pub"), encoding: .utf8)
            return "\(name)@example.com \(key.split(separator: " ").prefix(2).joined(separator: " "))"
        }
        try (signers.joined(separator: "\n") + "\n").write(
            to: folder.appending(path: "allowed_signers"), atomically: true, encoding: .utf8)
        try await body(
            FilePath(folder.path), PlanSignatures(Surroundings(variables: ProcessInfo.processInfo.environment)))
    }

    @Test func `those who may and did are named, and nobody else`() async throws {
        try await with { folder, signatures in
            let signers = folder.appending("allowed_signers")
            var text = ""
            #expect(try await signatures.approvers(of: plan, signatures: text, signers: signers).isEmpty)
            text += try await signatures.signature(of: plan, key: folder.appending("eve").string)
            #expect(try await signatures.approvers(of: plan, signatures: text, signers: signers).isEmpty)
            for name in ["ana", "bob"] {
                text += try await signatures.signature(of: plan, key: folder.appending(name).string)
            }
            #expect(
                try await signatures.approvers(of: plan, signatures: text, signers: signers)
                    == ["ana@example.com", "bob@example.com"])
        }
    }

    @Test func `a plan that was changed by one byte is approved by nobody`() async throws {
        try await with { folder, signatures in
            let text = try await signatures.signature(of: plan, key: folder.appending("ana").string)
            #expect(
                try await signatures.approvers(
                    of: plan + [10], signatures: text, signers: folder.appending("allowed_signers")
                ).isEmpty)
        }
    }

    @Test func `a signature that was made for something else is none`() async throws {
        try await with { folder, signatures in
            let program = Process()
            program.executableURL = URL(filePath: "/bin/sh")
            let key = folder.appending("ana").string
            program.arguments = [
                "-c", "printf 'recast plan x\\n' | ssh-keygen -q -Y sign -n file -f \(key) >\(key).sig",
            ]
            try program.run()
            program.waitUntilExit()
            let text = try String(contentsOfFile: key + ".sig", encoding: .utf8)
            #expect(text.hasPrefix("-----BEGIN"))
            #expect(
                try await signatures.approvers(
                    of: plan, signatures: text + "rubbish", signers: folder.appending("allowed_signers")
                ).isEmpty)
        }
    }

    @Test func `a key that is not there is named`() async throws {
        try await with { folder, signatures in
            let error = await #expect(throws: PlanSignatures.Problem.self) {
                _ = try await signatures.signature(of: plan, key: folder.appending("nobody").string)
            }
            #expect(error?.description.contains("nobody does not sign") ?? false)
        }
    }

    @Test func `a gate says what is missing`() async throws {
        try await with { folder, signatures in
            let path = folder.appending("plan.json")
            let surroundings = Surroundings(variables: ProcessInfo.processInfo.environment)
            let absent = ApprovalGate(signers: folder.appending("none").string)
            await #expect(throws: PlanSignatures.Problem.self) { try await absent.check(plan, at: path, surroundings) }
            let gate = ApprovalGate(signers: folder.appending("allowed_signers").string)
            await #expect(throws: PlanSignatures.Problem.self) { try await gate.check(plan, at: path, surroundings) }
            let text = try await signatures.signature(of: plan, key: folder.appending("bob").string)
            try text.write(toFile: path.string + ".sig", atomically: true, encoding: .utf8)
            #expect(try await gate.check(plan, at: path, surroundings) == ["bob@example.com"])
        }
    }
}
