import RecastManifest
import RecastModel
import Testing

@Suite struct FileFingerprintTests {
    private static let nowhere = SourcePosition(file: "test.yaml", line: 1, column: 1)

    private func pinned(_ files: [DeliveredFile], key: String = "key", isClosed: Bool = false) throws -> PinnedInstance
    {
        var spec = ContainerSpec(image: try #require(ImageReference("shop/web:1")))
        spec.files = files
        spec.isolation.readOnlyRootFilesystem = isClosed
        let instance = DesiredInstance(
            host: "h1", address: InstanceAddress("web", slot: 1), spec: spec, position: Self.nowhere)
        let desired = Desired(
            environment: "test", application: "shop", hosts: [], instances: [instance], networks: [], volumes: [])
        let keys: [HostName: FingerprintKey] = ["h1": FingerprintKey(Array(key.utf8))]
        return try #require(Pinning.pin(desired, digests: [:], keys: keys).instances.first)
    }

    private func record(_ files: [DeliveredFile], key: String = "key", isClosed: Bool = false) throws -> FileRecord {
        try pinned(files, key: key, isClosed: isClosed).spec.fileRecord
    }

    private func file(
        _ text: String = "a", kind: DeliveredFile.Kind = .secret, name: String = "x", at target: String = "/x",
        mode: UInt16 = 0o400, user: UInt32 = 0, group: UInt32 = 0
    ) -> DeliveredFile {
        DeliveredFile(
            kind, name, at: target, content: FileContent(Array(text.utf8)), mode: mode, user: user, group: group)
    }

    @Test func `a fingerprint stays what it is`() throws {
        #expect(try record([file()]).fingerprints == ["secret x": "bb0cb1b03dd7ff70fcd80278c4c170cf"])
        let tree = DeliveredFile(
            .bind, "./d", at: "/d",
            entries: [
                "": .folder(mode: 0o755), "a": .file(FileContent([1, 2]), mode: 0o644), "b": .symbolicLink(to: "a"),
            ])
        let record = try record([tree])
        #expect(record.fingerprints == ["bind ./d": "55f70ed7db9ce30c3a540f6a6254ce99"])
        #expect(record.volume == "io.recast.files.test-shop.e1861cf50fd824c3")
        #expect(record.mountedTargets == ["/d"])
    }

    @Test func `whatever changes in a file changes its fingerprint, and the hash of the definition`() throws {
        let variants = [
            file(), file("b"), file(at: "/y"), file(mode: 0o440), file(user: 1), file(group: 1), file(kind: .config),
        ]
        let prints = try variants.map { try record([$0]).fingerprints.values.first }
        #expect(Set(prints).count == variants.count)
        #expect(Set(try variants.map { try pinned([$0]).specHash }).count == variants.count)
        #expect(try record([file()], key: "other").fingerprints != record([file()]).fingerprints)
    }

    @Test func `parts of a tree cannot be taken for each other`() throws {
        let tree = { (entries: [String: DeliveredFile.Entry]) in
            try record([DeliveredFile(.bind, "d", at: "/d", entries: entries)]).fingerprints
        }
        let content = { (text: String) in DeliveredFile.Entry.file(FileContent(Array(text.utf8)), mode: 0o644) }
        let trees = [
            try tree(["a": content("b")]), try tree(["a": content(""), "b": content("")]),
            try tree(["ab": content("")]), try tree(["a": .symbolicLink(to: "b")]),
            try tree(["a": .folder(mode: 0o644)]),
        ]
        #expect(Set(trees).count == trees.count)
    }

    @Test func `the order of files does not matter, and two places of one secret count`() throws {
        let (one, two) = (file(at: "/1"), file(at: "/2"))
        #expect(try pinned([one, two]).specHash == pinned([two, one]).specHash)
        #expect(try record([one, two]).fingerprints != record([one]).fingerprints)
        #expect(try record([one, two], isClosed: true).volume == record([two, one], isClosed: true).volume)
    }

    @Test func `a volume's name follows from what is mounted`() throws {
        #expect(try record([file()]).volume == nil)
        let volume = try #require(try record([file()], isClosed: true).volume)
        #expect(try volume != record([file("b")], isClosed: true).volume)
        #expect(try volume != record([file()], key: "other", isClosed: true).volume)
    }
}
