import RecastManifest
package import RecastModel
import RegistryCredentials
package import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Who approved a plan: signatures of a file that OpenSSH makes and checks, which lie in another file beside it.
package struct PlanSignatures: Sendable {
    /// Why a plan counts as signed by nobody, in a sentence.
    package struct Problem: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    private let programs: ChildPrograms
    private static let namespace = "recast-plan"
    private static let begin = "-----BEGIN SSH SIGNATURE-----"

    package init(_ surroundings: Surroundings) {
        programs = ChildPrograms(variables: surroundings.variables)
    }

    /// Where the signatures of a plan lie.
    package static func path(of plan: FilePath) -> FilePath { FilePath(plan.string + ".sig") }

    /// A signature of a plan, as text.
    ///
    /// `key`: a private key that needs no passphrase, or the public key of one that an agent holds.
    ///
    /// It throws `Problem`, `CredentialProblem` where there is no ssh-keygen, and `CancellationError`.
    package func signature(of plan: [UInt8], key: String) async throws -> String {
        let words = ["ssh-keygen", "-q", "-Y", "sign", "-n", Self.namespace, "-f", key]
        let ended = try await programs.answer(from: words, input: Self.message(plan))
        guard ended.isSuccess, ended.output.hasPrefix(Self.begin) else {
            throw Problem(description: "\(key) does not sign: \(ended.firstError)")
        }
        return ended.output
    }

    /// Who signed the plan, of those who may.
    ///
    /// `signatures`: the text of the file beside it. `signers`: the path of a file as `ssh-keygen -Y verify` reads it.
    package func approvers(of plan: [UInt8], signatures: String, signers: FilePath) async throws -> Set<String> {
        var approvers: Set<String> = []
        for block in Self.blocks(of: signatures) {
            if let name = try await approver(of: plan, block, signers) { approvers.insert(name) }
        }
        return approvers
    }

    private func approver(of plan: [UInt8], _ block: String, _ signers: FilePath) async throws -> String? {
        let file = FilePath(FileManager.default.temporaryDirectory.path).appending("recast-\(UUID().uuidString).sig")
        try ProjectWriter.create(file, text: block)
        defer { try? FileManager.default.removeItem(atPath: file.string) }
        let common = ["-s", file.string, "-f", signers.string]
        let found = try await programs.answer(
            from: ["ssh-keygen", "-Y", "find-principals"] + common, input: Self.message(plan))
        guard found.isSuccess, let name = found.output.split(separator: "\n").first.map(String.init) else { return nil }
        let verified = try await programs.answer(
            from: ["ssh-keygen", "-Y", "verify", "-n", Self.namespace, "-I", name] + common,
            input: Self.message(plan))
        return verified.isSuccess ? name : nil
    }

    /// What is signed: the plan by its hash.
    private static func message(_ plan: [UInt8]) -> String { "recast plan \(sha256(of: plan))\n" }

    /// Each from its first line to its last.
    static func blocks(of text: String) -> [String] {
        text.split(separator: begin).filter { $0.contains("-----END SSH SIGNATURE-----") }.map { begin + $0 }
    }
}

extension ApprovalGate {
    /// - Throws: `PlanSignatures.Problem` when nobody who may approved the plan.
    ///
    /// - Returns: who did.
    package func check(
        _ plan: [UInt8], at path: FilePath, _ surroundings: Surroundings
    ) async throws -> Set<String> {
        guard ProjectFiles.exists(FilePath(signers)) else {
            throw PlanSignatures.Problem(
                description: "'\(signers)' is not there, which says who may approve: a line 'NAME KEYTYPE KEY' for each"
            )
        }
        let text = ProjectFiles.contents(of: PlanSignatures.path(of: path)).map { String(decoding: $0, as: UTF8.self) }
        let approvers = try await PlanSignatures(surroundings)
            .approvers(of: plan, signatures: text ?? "", signers: FilePath(signers))
        guard approvers.isEmpty else { return approvers }
        throw PlanSignatures.Problem(
            description: "nobody in '\(signers)' approved \(path): recast approve \(path)")
    }
}
