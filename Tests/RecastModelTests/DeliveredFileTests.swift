import RecastModel
import Testing

@Suite struct DeliveredFileTests {
    private func secret(_ text: String, at target: String = "/run/secrets/x") -> DeliveredFile {
        DeliveredFile(.secret, "x", at: target, content: FileContent(Array(text.utf8)), mode: 0o400)
    }

    private func spec(_ files: [DeliveredFile]) throws -> ContainerSpec {
        var spec = ContainerSpec(image: try #require(ImageReference("shop/web:1")))
        spec.files = files
        return spec
    }

    @Test func `a content never prints itself`() throws {
        let spec = try spec([secret("hunter2")])
        var dumped = ""
        dump(spec, to: &dumped)
        dump(FingerprintKey(Array("hunter2".utf8)), to: &dumped)
        let code = Array("hunter2".utf8).map { "\($0)" }.joined(separator: ", ")
        for text in ["\(spec)", String(reflecting: spec), dumped, "\(FingerprintKey(Array("hunter2".utf8)))"] {
            #expect(!text.contains("hunter2") && !text.contains(code) && !text.contains("104"), "\(text)")
        }
    }

    @Test func `equal contents are equal`() {
        #expect(secret("a") == secret("a"))
        #expect(secret("a") != secret("b"))
        #expect(secret("a").hashValue == secret("a").hashValue)
    }

    @Test func `a secret is copied unless that is refused or hidden`() throws {
        let plain = try spec([secret("a")])
        #expect(plain.copiedFiles.count == 1 && plain.mountedFiles.isEmpty)
        var closed = plain
        closed.isolation.readOnlyRootFilesystem = true
        #expect(closed.copiedFiles.isEmpty && closed.mountedFiles.count == 1)
        for mount in [
            Mount(.tmpfsOptions([]), at: "/run/"), Mount(.volume(name: "v", noCopy: false), at: "/run/secrets"),
            Mount(.bind(path: "/srv", propagation: nil, selinux: "", createHostPath: true), at: "/"),
        ] {
            var below = plain
            below.mounts = [mount]
            #expect(below.mountedFiles.count == 1, "\(mount.target)")
        }
        var beside = plain
        beside.mounts = [Mount(.tmpfsOptions([]), at: "/run/secret")]
        #expect(beside.mountedFiles.isEmpty)
        #expect(try spec([secret("a", at: "/etc/hosts")]).mountedFiles.count == 1)
    }

    @Test func `a bind is mounted, and so is what lies below it`() throws {
        let bind = DeliveredFile(.bind, "./run", at: "/run", entries: ["": .folder(mode: 0o755)])
        #expect(try spec([secret("a"), bind]).mountedFiles.map(\.target) == ["/run", "/run/secrets/x"])
    }

    @Test func `a record survives its label`() {
        var record = FileRecord()
        record.fingerprints = ["secret a b": "1234", "bind ./x=y": "5678"]
        #expect(FileRecord(labelText: record.labelText).fingerprints == record.fingerprints)
        #expect(FileRecord(labelText: "").fingerprints.isEmpty)
        #expect(FileRecord(labelText: "nonsense\n\n x").fingerprints.isEmpty)
    }

    @Test func `a title is one line`() {
        let file = DeliveredFile(.bind, "./a\nb", at: "/a", entries: [:])
        #expect(file.title == "bind ./a?b")
    }
}
