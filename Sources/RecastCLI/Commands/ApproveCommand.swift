import ArgumentParser
import RecastModel
import RecastOperations
import RecastViews
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Signs a plan with an SSH key, for an environment whose gates ask for that.",
        discussion: """
            With `gates: {approval: required}` an environment is changed by plans only that somebody approved who stands
            in `allowed_signers` beside the environment file (a line 'NAME KEYTYPE KEY' for each, as git and ssh-keygen
            have it). The signature goes to PLAN.sig; it is of this plan and no other. It is a guard rail and no lock:
            who may use a host's engine may do everything.

            Example:
              recast plan prod --out plan.json
              recast approve plan.json
              recast approve plan.json --key ~/.ssh/id_work.pub      the key is in an agent
              recast apply plan.json
            """)

    @Argument(help: "A file that 'recast plan ENV --out FILE' wrote.")
    var plan: String

    @Option(help: "A private key without a passphrase, or the public key of one in an agent.")
    var key: String?

    @Flag(name: .shortAndLong, help: "Does not ask.")
    var yes = false

    @Flag(help: "Prints the result as JSON.")
    var json = false

    private struct Approval: Encodable {
        let format = 1
        let plan: String
        let signatures: String
    }

    func run() async throws {
        let console = Console()
        guard let sealed = try SealedPlanFile.read(plan, console) else {
            throw ValidationError("'\(plan)' is no plan: make one with 'recast plan ENV --out plan.json'")
        }
        console.write(sealed.plan.summary, to: json ? .error : .output)
        guard try yes || console.mustConfirm("Approve this?") else { throw Exit.refused }
        let key = try key ?? Self.usualKey(console)
        let signature = try await reporting(to: console) {
            try await PlanSignatures(console.surroundings).signature(of: sealed.bytes, key: key)
        }
        let file = PlanSignatures.path(of: sealed.path)
        let others = ProjectFiles.contents(of: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
        do { try ProjectWriter.replace(file, text: others + signature) } catch {
            console.complain("\(file) cannot be written: \(error)")
            throw Exit.failed
        }
        if json { console.write([try JSONText.document(Approval(plan: plan, signatures: file.string))]) }
        console.write(["Approved in \(file)."], to: .error)
    }

    private static func usualKey(_ console: Console) throws -> String {
        let folder = FilePath(FileManager.default.homeDirectoryForCurrentUser.path).appending(".ssh")
        let names = ["id_ed25519", "id_ecdsa", "id_rsa"]
        guard let name = names.first(where: { ProjectFiles.exists(folder.appending($0)) }) else {
            console.complain("there is none of \(names.joined(separator: ", ")) in \(folder); say which with --key")
            throw Exit.refused
        }
        return folder.appending(name).string
    }
}
