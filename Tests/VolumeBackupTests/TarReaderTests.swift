import NIOCore
import Subprocess
import Tar
import Testing

@Suite struct TarReaderTests {
    static let entries = [
        TarEntry("./", .folder, mode: 0o700, user: 999, group: 999, time: 1_700_000_000),
        TarEntry("base/1", .file(Array("hello".utf8)), mode: 0o600, user: 999, group: 998, time: 1_700_000_001),
        TarEntry("empty", .file([]), mode: 0o644, time: 0),
        TarEntry("exact", .file(Array(repeating: 65, count: 512)), mode: 0o644, time: 5),
        TarEntry("large", .file((0..<200_001).map { UInt8(truncatingIfNeeded: $0 &* 7) }), mode: 0o4755, time: 5),
        TarEntry(
            String(repeating: "long/", count: 60) + "ä", .file(Array("deep".utf8)), mode: 0o600, user: 3_000_000,
            group: 4_294_967_295, time: 5),
        TarEntry("link", .symbolicLink(to: String(repeating: "x/", count: 80)), mode: 0o777, time: 5),
    ]

    static func bytes(of entries: [TarEntry]) async -> [UInt8] {
        var bytes: [UInt8] = []
        for await piece in TarArchive(entries) { bytes += piece.readableBytesView }
        return bytes
    }

    /// What a reader tells when the bytes come in pieces of at most `largest`.
    static func read(_ bytes: [UInt8], largest: Int) throws -> (members: [TarMember], contents: [[UInt8]], all: [UInt8])
    {
        var reader = TarReader()
        var (members, contents, all): ([TarMember], [[UInt8]], [UInt8]) = ([], [], [])
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...largest))
            rest = rest.dropFirst(piece.count)
            for part in try reader.parts(of: ByteBuffer(bytes: piece)) {
                switch part {
                case .member(let member, let raw):
                    members.append(member)
                    contents.append([])
                    all += raw.readableBytesView
                case .content(let bytes):
                    contents[contents.count - 1] += bytes.readableBytesView
                    all += bytes.readableBytesView
                case .padding(let bytes): all += bytes.readableBytesView
                case .end: break
                }
            }
        }
        #expect(reader.isComplete)
        return (members, contents, all)
    }

    @Test(arguments: [1, 7, 511, 512, 513, 70_000, 1 << 20])
    func `it reads what was written, in whatever pieces it comes`(largest: Int) async throws {
        let bytes = await Self.bytes(of: Self.entries)
        let (members, contents, all) = try Self.read(bytes, largest: largest)
        #expect(members.count == Self.entries.count)
        for (index, entry) in Self.entries.enumerated() {
            #expect(members[index].mode == UInt32(entry.mode))
            #expect((members[index].user, members[index].group) == (UInt64(entry.user), UInt64(entry.group)))
            #expect(members[index].time == String(entry.time))
            if case .file(let content) = entry.kind { #expect(contents[index] == content) }
            if case .symbolicLink(let target) = entry.kind { #expect(members[index].link == target) }
        }
        #expect(members.map(\.plainPath)[0] == ".")
        #expect(members[5].path == String(repeating: "long/", count: 60) + "ä")
        #expect(all == bytes.dropLast(1024))
    }

    @Test func `every byte of a header counts`() async throws {
        let bytes = await Self.bytes(of: [Self.entries[1]])
        for place in 0..<512 where ![148 + 7].contains(place) {
            var damaged = bytes
            damaged[place] ^= 1
            #expect(throws: TarError.self, "byte \(place)") {
                var reader = TarReader()
                _ = try reader.parts(of: ByteBuffer(bytes: damaged))
            }
        }
    }

    @Test func `an archive that is cut off is not complete`() async throws {
        let bytes = await Self.bytes(of: Self.entries)
        for count in [0, 100, 512, 5000, bytes.count - 1024] {
            var reader = TarReader()
            _ = try reader.parts(of: ByteBuffer(bytes: bytes.prefix(count)))
            #expect(!reader.isComplete)
        }
    }

    @Test func `noise never crashes it`() {
        for _ in 0..<300 {
            var reader = TarReader()
            let noise = (0..<Int.random(in: 0...3000)).map { _ in UInt8.random(in: 0...255) }
            _ = try? reader.parts(of: ByteBuffer(bytes: noise))
        }
    }

    /// As Python writes them: names that differ only in what is no text, and a time before 1970.
    @Test func `no two names are read as one`() async throws {
        let script = """
            import sys,tarfile,io
            out=tarfile.open(fileobj=sys.stdout.buffer,mode='w|',format=tarfile.GNU_FORMAT)
            for name in [b'a\\xffb',b'a\\\\xffb',b'a\\\\\\xffb',b'a\\xfeb','\\u00ff'.encode()]:
                info=tarfile.TarInfo(name.decode('utf-8','surrogateescape'));info.mtime=-5;out.addfile(info)
            out.close()
            """
        let made = try await run(.name("python3"), arguments: ["-c", script], output: .bytes(limit: 1 << 20))
        let members = try Self.read(made.standardOutput, largest: 512).members
        #expect(Set(members.map(\.path)).count == 5, "\(members.map(\.path))")
        #expect(members.allSatisfy { $0.time == "-5" }, "\(members.map(\.time))")
    }
}
