import Foundation
import Subprocess
import Testing

/// Certificates made by `openssl`, in a folder of their own.
struct TestCertificates: Sendable {
    /// A certificate and its key, as files.
    struct Pair: Sendable {
        let certificate: String
        let key: String
    }

    let folder: String

    /// Gives an empty folder and removes it at the end.
    static func with<Result>(_ body: (TestCertificates) async throws -> Result) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "recast-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await body(TestCertificates(folder: folder))
    }

    private static let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    /// A certificate that signs others.
    func authority(_ name: String = "ca", days: Int = 30) async throws -> Pair {
        let pair = pair(name)
        try await request(name, "basicConstraints=critical,CA:TRUE", key: pair.key)
        try await openssl([
            "x509", "-req", "-in", "\(folder)/\(name).csr", "-signkey", pair.key, "-days", "\(days)",
            "-copy_extensions", "copy", "-out", pair.certificate,
        ])
        return pair
    }

    /// `names`: such as `IP:127.0.0.1,DNS:localhost`.
    ///
    /// `days`: negative: it expired.
    func certificate(
        _ name: String, for names: String = "IP:127.0.0.1", days: Int = 30, by authority: Pair
    ) async throws -> Pair {
        let pair = pair(name)
        try await request(name, "subjectAltName=\(names)", key: pair.key)
        try await openssl([
            "x509", "-req", "-in", "\(folder)/\(name).csr", "-CA", authority.certificate, "-CAkey", authority.key,
            "-CAcreateserial", "-days", "\(days)", "-copy_extensions", "copy", "-out", pair.certificate,
        ])
        return pair
    }

    private func request(_ name: String, _ extensions: String, key: String) async throws {
        try await openssl(
            ["req"] + Self.curve + [
                "-subj", "/CN=\(name)", "-addext", extensions, "-keyout", key, "-out", "\(folder)/\(name).csr",
            ])
    }

    func write(_ text: String, to name: String) throws -> String {
        try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        return "\(folder)/\(name)"
    }

    func openssl(_ arguments: [String]) async throws {
        let ended = try await Subprocess.run(
            .name("openssl"), arguments: Arguments(arguments), output: .discarded, error: .string(limit: 1 << 16))
        try #require(ended.terminationStatus.isSuccess, "openssl \(arguments): \(ended.standardError)")
    }

    private func pair(_ name: String) -> Pair {
        Pair(certificate: "\(folder)/\(name).pem", key: "\(folder)/\(name).key")
    }
}
