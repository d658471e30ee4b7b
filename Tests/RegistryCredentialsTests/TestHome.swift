import Foundation

@testable import RegistryCredentials

/// A folder with credential files and helpers, for the time of one test.
struct TestHome {
    let folder: String

    static func with<Result>(_ body: (TestHome) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(TestHome(folder: folder))
    }

    /// `PATH` of the helpers alone, with what a shell script needs.
    var variables: [String: String] { ["PATH": "\(folder)/bin:/usr/bin:/bin", "HOME": folder] }

    func programs(patience: Duration = .seconds(60)) -> ChildPrograms {
        ChildPrograms(variables: variables, patience: patience)
    }

    @discardableResult
    func write(_ text: String, to path: String) throws -> String {
        let file = URL(filePath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }

    /// A shell script that notes what it is called with.
    @discardableResult
    func program(_ name: String, _ script: String) throws -> String {
        let path = try write("#!/bin/sh\necho \"$@\" >>\"\(folder)/calls\"\n\(script)\n", to: "bin/\(name)")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return path
    }

    /// How often the programs were called.
    var calls: Int {
        let text = (try? String(contentsOfFile: "\(folder)/calls", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").count
    }
}

/// The credential of a repository, or the sentence of the problem.
func outcome(_ source: any CredentialSource, _ repository: String = "registry.example.com/team/web") async throws
    -> CredentialLookup.Outcome
{
    try await CredentialLookup([source]).outcome(for: Repository(repository))
}

extension CredentialLookup.Outcome {
    var credential: Credential? {
        if case .found(let found) = self { found.credential } else { nil }
    }

    var problem: String? {
        if case .failed(let sentence) = self { sentence } else { nil }
    }
}
