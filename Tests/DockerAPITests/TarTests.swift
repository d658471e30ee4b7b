import DockerAPI
import Foundation
import NIOCore
import RecastTesting
import Tar
import Testing

@Suite struct TarTests {
    private static let entries = [
        TarEntry(
            "run/secrets/x", .file(Array("hello".utf8)), mode: 0o400, user: 1000, group: 1001, time: 1_000_000_000),
        TarEntry("etc/app", .folder, mode: 0o2750, user: 7, time: 1_000_000_000),
        TarEntry("etc/app/now", .symbolicLink(to: "conf.d/a"), mode: 0o777, time: 1_000_000_000),
        TarEntry("empty", .file([]), mode: 0o644, time: 1_000_000_000),
        TarEntry("exact", .file(Array(repeating: 65, count: 512)), mode: 0o644, time: 0),
        TarEntry("large", .file(Array(repeating: 66, count: 200_001)), mode: 0o4755, time: 0),
        TarEntry(
            String(repeating: "long/", count: 60) + "ä", .file(Array("deep".utf8)), mode: 0o600, user: 3_000_000,
            group: 4_294_967_295, time: 0),
        TarEntry("link", .symbolicLink(to: String(repeating: "x/", count: 80)), mode: 0o777, time: 0),
        TarEntry(String(repeating: "f", count: 99), .folder, mode: 0o755, time: 0),
        TarEntry(String(repeating: "g", count: 100), .folder, mode: 0o755, time: 0),
    ]

    @Test func `another program reads what was written`() async throws {
        let script = """
            import sys, tarfile
            for m in tarfile.open(fileobj=sys.stdin.buffer, mode='r|'):
                print(m.name, m.type.decode(), oct(m.mode), m.uid, m.gid, m.mtime, m.size, m.linkname)
            """
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "a.tar")
        try Data(await bytes(of: TarArchive(Self.entries))).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/python3")
        process.arguments = ["-c", script]
        let (input, output) = (try FileHandle(forReadingFrom: file), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(lines.count == Self.entries.count)
        #expect(lines.first == "run/secrets/x 0 0o400 1000 1001 1000000000 5")
        #expect(lines[1] == "etc/app 5 0o2750 7 0 1000000000 0")
        #expect(lines[2] == "etc/app/now 2 0o777 0 0 1000000000 0 conf.d/a")
        #expect(lines[5] == "large 0 0o4755 0 0 0 200001")
        #expect(lines[6] == "\(String(repeating: "long/", count: 60))ä 0 0o600 3000000 4294967295 0 4")
        #expect(lines[7].hasSuffix(String(repeating: "x/", count: 80)))
        #expect(lines[9].hasPrefix(String(repeating: "g", count: 100) + " 5"))
    }

    @Test func `no piece is large, and the length is known before`() async throws {
        try await withClient { engine, client in
            try await client.pull("shop/base", version: "1") { _ in }
            _ = try await client.createContainer(named: "one", sleeper())
            try await client.putArchive(TarArchive(Self.entries), in: "one", below: "/")
            let files = try #require(engine.snapshot["one"]).files
            #expect(files.count == Self.entries.count)
            #expect(files["/run/secrets/x"]?.text == "hello")
            #expect(files["/large"]?.text.utf8.count == 200_001)
            #expect(files["/" + String(repeating: "long/", count: 60) + "ä"]?.group == 4_294_967_295)
            #expect(files["/link"]?.kind == .symbolicLink(to: String(repeating: "x/", count: 80)))
        }
        for await piece in TarArchive(Self.entries) { #expect(piece.readableBytes <= 1 << 17) }
    }

    @Test func `whether a path is there is known, also in a volume`() async throws {
        try await withClient { _, client in
            try await client.pull("shop/base", version: "1") { _ in }
            var host = HostConfig()
            host.Mounts = [HostConfig.Mount(Type: "volume", Source: "v", Target: "/v")]
            _ = try await client.createContainer(named: "one", sleeper(host))
            #expect(try await !client.reader.hasPath("/v/a", in: "one"))
            #expect(try await !client.reader.hasPath("/v/a", in: "nobody"))
            let archive = TarArchive([TarEntry("a/b", .file([]), mode: 0o600, time: 0)])
            try await client.putArchive(archive, in: "one", below: "/v")
            #expect(try await client.reader.hasPath("/v/a", in: "one"))
        }
    }

    private func sleeper(_ host: HostConfig = HostConfig()) -> ContainerCreate {
        var config = ContainerConfig()
        config.Image = "shop/base:1"
        config.Cmd = ["sleep", "1"]
        return ContainerCreate(config: config, hostConfig: host)
    }
}
