import Foundation
import NIOCore
import Subprocess
import SystemPackage
import Tar
import Testing
import VolumeBackup

@Suite struct BackupTests {
    private static let origin = BackupOrigin(
        environment: "prod", application: "shop", service: "db", host: "db-1", volume: "prod-shop_data",
        identity: "1234", image: "postgres:16", taken: "2026-01-31T17:45:02Z", wasInUse: false, toolVersion: "test")

    private func withFolder(_ body: (FilePath) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(FilePath(folder.path))
    }

    @discardableResult
    private func write(_ file: FilePath, _ entries: [TarEntry] = TarReaderTests.entries) async throws -> BackupSummary {
        var writer = try BackupWriter(file)
        for await piece in TarArchive(entries) { try writer.receive(piece) }
        return try await writer.finish(Self.origin)
    }

    private func archive(_ file: FilePath) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in try BackupFile(file).archive { bytes += piece.readableBytesView }
        return bytes
    }

    @Test(arguments: ["a.tar", "a.tar.zst"])
    func `what is read is what was written`(name: String) async throws {
        try await withFolder { folder in
            let file = folder.appending(name)
            let written = try await write(file)
            let summary = try BackupFile(file).verified()
            #expect(summary.entries == written.entries && summary.entries.count == TarReaderTests.entries.count)
            #expect(summary.origin == Self.origin)
            #expect(summary.contentSize == 200_001 + 512 + 5 + 4)
            #expect(try await archive(file) == TarReaderTests.bytes(of: TarReaderTests.entries))
            let attributes = try FileManager.default.attributesOfItem(atPath: file.string)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == [name])
        }
    }

    @Test func `tar and zstd read it too`() async throws {
        try await withFolder { folder in
            try await write(folder.appending("a.tar.zst"), Array(TarReaderTests.entries.dropFirst()))
            let script = "import sys,tarfile\nfor m in tarfile.open(fileobj=sys.stdin.buffer,mode='r|'): print(m.name)"
            try await write(folder.appending("a.tar"))
            let listed = try await run(
                .name("python3"), arguments: ["-c", script],
                input: .fileDescriptor(
                    try FileDescriptor.open(folder.appending("a.tar"), .readOnly), closeAfterSpawningProcess: true),
                output: .string(limit: 1 << 20))
            let names = listed.standardOutput.split(separator: "\n")
            #expect(names.count == TarReaderTests.entries.count + 1 && names.last == ".recast-manifest.jsonl")
        }
    }

    @Test(arguments: ["a.tar", "a.tar.zst"])
    func `a bit that flips anywhere changes nothing or is found`(name: String) async throws {
        try await withFolder { folder in
            let file = folder.appending(name)
            let entries = try await write(file).entries
            let good = try Data(contentsOf: URL(filePath: file.string))
            for _ in 0..<80 {
                var damaged = good
                damaged[Int.random(in: good.indices)] ^= 1 << Int.random(in: 0..<8)
                try damaged.write(to: URL(filePath: file.string))
                // Padding and the bits that a format leaves unused mean nothing; whatever is accepted is whole.
                do { #expect(try BackupFile(file).verified().entries == entries) } catch is BackupError {}
            }
            for byte in stride(from: 10_000, to: name == "a.tar" ? 200_000 : 0, by: 9_973) {
                var damaged = good
                damaged[byte] ^= 1
                try damaged.write(to: URL(filePath: file.string))
                #expect(throws: BackupError.self, "byte \(byte)") { try BackupFile(file).verified() }
            }
            for count in [0, 1, 20, good.count / 2, good.count * 3 / 4] {
                try good.prefix(count).write(to: URL(filePath: file.string))
                #expect(throws: BackupError.self, "\(count)") { try BackupFile(file).verified() }
            }
        }
    }

    @Test func `a file that is there is not overwritten, and a failure leaves nothing`() async throws {
        try await withFolder { folder in
            let file = folder.appending("a.tar.zst")
            try await write(file)
            await #expect(throws: BackupError.exists(file.string)) { try await write(file) }
            await #expect(throws: BackupError.self) {
                var writer = try BackupWriter(folder.appending("b.tar"))
                try writer.receive(ByteBuffer(repeating: 0, count: 100))
                _ = try await writer.finish(Self.origin)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.string) == ["a.tar.zst"])
            #expect(throws: BackupError.unknownFormat("c.tgz")) { _ = try BackupWriter(folder.appending("c.tgz")) }
        }
    }

    @Test func `differences are named by path and field`() async throws {
        try await withFolder { folder in
            let one = try await write(folder.appending("a.tar")).entries
            var changed = TarReaderTests.entries
            changed[1] = TarEntry(
                "base/1", .file(Array("hellO".utf8)), mode: 0o600, user: 999, group: 998, time: 1_700_000_001)
            changed[2] = TarEntry("empty", .file([]), mode: 0o600, time: 0)
            changed.removeLast()
            changed.append(TarEntry("new", .file([]), mode: 0o600, time: 0))
            let two = try await write(folder.appending("b.tar"), changed).entries
            #expect(
                VolumeDigest.differences(expected: one, found: two)
                    == ["base/1: content", "empty: mode", "link: missing", "new: not expected"])
            #expect(VolumeDigest.differences(expected: one, found: one).isEmpty)
        }
    }
}
