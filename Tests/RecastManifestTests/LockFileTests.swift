import RecastManifest
import RecastModel
import Testing

@Suite struct LockFileTests {
    private static let path = "environments/test.lock.yaml"
    private static let digests = (1...3).map { "sha256:" + String(repeating: "\($0)", count: 64) }

    private static let manifest: MarkedText = """
        name: shop
        services:
          web:
            image: shop/web:2
            volumes: [{type: image, source: "shop/assets:1", target: /a}]
          db: {image: "postgres:15"}
          cache: {image: "redis@sha256:1111111111111111111111111111111111111111111111111111111111111111"}
        """

    private func project(_ lock: MarkedText? = nil, manifest: MarkedText = Self.manifest) -> Project {
        Project(manifest, files: lock.map { [Self.path: $0] } ?? [:])
    }

    private func desired(manifest: MarkedText = Self.manifest, lock: LockFile? = nil) throws -> Desired {
        let text = lock.map { MarkedText(stringLiteral: $0.text) }
        let project = project(text, manifest: manifest)
        #expect(project.mistakes == [])
        return try #require(project.load().desired)
    }

    private func reference(_ text: String) throws -> ImageReference { try #require(ImageReference(text)) }

    private var resolved: [ImageReference: String] {
        get throws {
            [
                try reference("shop/web:2"): Self.digests[0], try reference("shop/assets:1"): Self.digests[1],
                try reference("postgres:15"): Self.digests[2],
            ]
        }
    }

    private func first(_ desired: Desired) throws -> LockFile {
        LockFile(path: Self.path, application: "shop", environment: "test")
            .updated(for: desired, resolved: try resolved, renewing: [], stamp: ("2026-01-31T12:00:00Z", "ana@laptop"))
    }

    // MARK: The file

    @Test func `what is written is read again`() throws {
        var lock = try first(try desired())
        lock.volumes["test-shop_data"] = LockFile.Volume(host: "one", identity: "0123")
        lock.services["web"]?.hold = .init(reason: "INC-311: it leaks", at: "2026-02-01T08:00:00Z", by: "ana@laptop")
        lock.services["db"]?.from = .init(
            environment: "staging", release: "20260131T174502Z-1f3a9c", evidence: "sha256:1")
        lock.reject(
            .init(
                digest: Self.digests[1], service: "web", reason: "# not \"good\"", at: "2026-02-01T08:00:00Z",
                by: "ana@laptop"))
        #expect(try desired(lock: lock).lock == lock)
        #expect(lock.text == (try desired(lock: lock)).lock?.text)
        #expect(try desired().lock == nil)
    }

    @Test func `every service is a block of its own, sorted, and what names a digest needs none`() throws {
        let lines = try first(try desired()).text.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") } == ["  db:", "  web:"])
        #expect(lines.contains("      shop/web:2: \(Self.digests[0])"))
        #expect(lines.contains("      shop/assets:1: \(Self.digests[1])"))
    }

    @Test func `mistakes have a place`() {
        let forms = project(
            """
            version: 1️⃣2
            application: 2️⃣store
            environment: test
            services:
              web:
                images:
                  shop/web:2: 3️⃣latest
            """)
        #expect(
            forms.mistakes == ["1 environment.bad-value", "2 environment.bad-value", "3 environment.bad-value"])
        #expect(project("version: 1\nservices: {db: {1️⃣image: x}}").mistakes == ["1 environment.unknown-key"])
    }

    @Test func `both sides of a merge are no lock file`() {
        let mistakes = project("version: 1\n<<<<<<< HEAD\napplication: shop\n=======\n").load()
        #expect(mistakes.desired == nil)
    }

    // MARK: Pins

    @Test func `images take their digests from it, mounted ones too`() throws {
        let plain = try desired()
        let (pinned, refused) = try desired(lock: try first(plain)).locked()
        #expect(refused.isEmpty)
        let images = Set(pinned.instances.flatMap(\.spec.images))
        #expect(images.allSatisfy { $0.digest != nil } && images.count == 4)
        #expect(images.contains(try reference("shop/web:2").pinned(to: Self.digests[0])))
        #expect(plain.locked().desired == plain)
    }

    @Test func `another tag is not what was pinned, nor is another service's`() throws {
        let lock = try first(try desired())
        let later = Self.manifest.text.replacing("shop/web:2", with: "shop/web:3")
            .replacing("postgres:15", with: "shop/web:2")
        let refused = try desired(manifest: MarkedText(stringLiteral: later), lock: lock).locked().refused
        #expect(refused.map(\.reference) == [try reference("shop/web:2"), try reference("shop/web:3")])
        #expect(
            refused.map(\.reason) == [
                "environments/test.lock.yaml has no pin for it in 'db'",
                "environments/test.lock.yaml pins shop/web:2 for 'web'",
            ])
    }

    @Test func `what was rejected is refused, by its pin and by its digest`() throws {
        var lock = try first(try desired())
        lock.reject(
            .init(digest: Self.digests[0], service: "web", reason: "leaks", at: "2026-02-01T08:00:00Z", by: "ana"))
        lock.reject(
            .init(digest: Self.digests[0], service: "web", reason: "again", at: "2026-02-02T08:00:00Z", by: "bo"))
        let (pinned, refused) = try desired(lock: lock).locked()
        let cache = try reference("redis@\(Self.digests[0])")
        #expect(Set(refused.map(\.reference)) == [try reference("shop/web:2"), cache])
        #expect(refused.allSatisfy { $0.reason == "sha256:111111111111 was rejected by ana on 2026-02-01: leaks" })
        #expect(pinned.instances.flatMap(\.spec.images).contains(try reference("shop/web:2")))
    }

    // MARK: Changes

    private func updated(
        _ lock: LockFile, _ desired: Desired, _ resolved: [ImageReference: String], renewing: Set<ServiceName> = []
    ) -> LockFile {
        lock.updated(for: desired, resolved: resolved, renewing: renewing, stamp: ("2027-01-01T00:00:00Z", "bob@ci"))
    }

    @Test func `a tag that did not change keeps its digest until somebody asks`() throws {
        let desired = try desired()
        let lock = try first(desired)
        let moved = try resolved.mapValues { _ in "sha256:" + String(repeating: "9", count: 64) }
        #expect(updated(lock, desired, moved) == lock)
        let one = updated(lock, desired, moved, renewing: ["db"])
        #expect(one.services["db"]?.digests.values.first?.hasSuffix("999") == true)
        #expect(one.services["db"]?.by == "bob@ci" && one.services["web"] == lock.services["web"])
    }

    @Test func `what is new is pinned, as elsewhere if it is there, and what is gone goes`() throws {
        let lock = try first(try desired())
        let text = Self.manifest.text.replacing("  db: {image", with: "  two: {image: \"shop/web:2\"}\n  store: {image")
        let later = try desired(manifest: MarkedText(stringLiteral: text), lock: lock)
        let new = updated(lock, later, [try reference("postgres:15"): Self.digests[2]])
        #expect(new.services.keys.sorted() == ["store", "two", "web"])
        #expect(new.services["two"]?.digests == [try reference("shop/web:2"): Self.digests[0]])
        #expect(later.changedSinceLock == [])
    }

    @Test func `a manifest that changed is told, and values of variables are no change`() throws {
        let first = MarkedText(
            stringLiteral: Self.manifest.text.replacing(
                "image: shop/web:2", with: "image: shop/web:2\n    environment: {A: one}"))
        let lock = try self.first(try desired(manifest: first))
        let change = { (from: String, to: String) in
            MarkedText(stringLiteral: first.text.replacing(from, with: to))
        }
        #expect(try desired(manifest: change("A: one", "A: two"), lock: lock).changedSinceLock == [])
        #expect(try desired(manifest: change("A: one", "A: one, B: x"), lock: lock).changedSinceLock == ["web"])
        let user = try desired(manifest: change("{A: one}", "{A: one}\n    user: \"7\""), lock: lock)
        #expect(user.changedSinceLock == ["web"])
        #expect(updated(lock, user, [:]).services["web"]?.by == "bob@ci")
    }

    // MARK: Volumes

    private func whereabouts(_ identities: [HostName: String]) -> VolumeWhereabouts {
        let states = identities.mapValues { identity in
            var state = HostState(engine: EngineFacts(version: "28.5.2", api: APIVersion(1, 51)))
            var volume = ObservedVolume(name: "data")
            volume.labels = InstanceLabels.ofResource(environment: "test", application: "shop")
            volume.labels[InstanceLabels.Key.identity.name] = identity
            state.volumes = [volume]
            return HostObservation.reached(state)
        }
        return VolumeWhereabouts(Observed(hosts: states), "test", "shop")
    }

    @Test func `a volume is recorded, follows a move, and gives way to another only once that is used`() {
        let none = LockFile(path: Self.path, application: "shop", environment: "test")
        let record = { (lock: LockFile, at: [HostName: String], inUse: Set<String>) in
            lock.recording(whereabouts(at), names: ["data"], inUse: inUse).volumes["data"]
        }
        let first = LockFile.Volume(host: "a", identity: "1")
        #expect(record(none, ["a": "1"], []) == first)
        var lock = none
        lock.volumes["data"] = first
        #expect(record(lock, ["b": "1"], []) == LockFile.Volume(host: "b", identity: "1"))
        #expect(record(lock, [:], []) == first)
        #expect(record(lock, ["a": "2"], []) == first)
        #expect(record(lock, ["a": "2"], ["data"]) == LockFile.Volume(host: "a", identity: "2"))
        #expect(record(none, ["a": "1", "b": "2"], []) == nil)
        #expect(lock.recording(whereabouts(["a": "1"]), names: [], inUse: []).volumes.isEmpty)
    }
}
