import RecastModel
import RecastViews
import Testing

@Suite struct LockTextTests {
    private func service(_ digests: [String: String], base: String = "b") throws -> LockFile.Service {
        let pins = try digests.map { (try #require(ImageReference($0)), "sha256:" + String(repeating: $1, count: 64)) }
        return LockFile.Service(
            digests: Dictionary(uniqueKeysWithValues: pins), base: base, at: "2026-01-31T12:00:00Z", by: "ana@laptop")
    }

    @Test func `each pin is a line, and what became of it`() throws {
        var before = LockFile(path: "environments/prod.lock.yaml", application: "shop", environment: "prod")
        before.services = [
            "db": try service(["postgres:15": "1"]), "job": try service(["shop/job:1": "2"]),
            "web": try service(["shop/web:1": "3"]),
        ]
        before.volumes["data"] = LockFile.Volume(host: "h1", identity: "0123456789abcdef")
        var after = before
        after.services["db"] = try service(["postgres:15": "4"])
        after.services["job"] = try service(["shop/job:1": "2"], base: "c")
        after.services["web"] = try service(["shop/web:2": "5"])
        let update = LockUpdate(before: before, after: after, unresolved: [])
        #expect(
            LockText(update).lines == [
                "environments/prod.lock.yaml", "",
                "  ~ db       postgres:15   sha256:444444444444, was sha256:111111111111",
                "  ~ job      shop/job:1    sha256:222222222222, for another manifest",
                "  - web      shop/web:1    no longer asked for", "  + web      shop/web:2    sha256:555555555555",
                "    volume   data on h1    0123456789ab", "", "1 new, 2 changed, 1 dropped, 1 as before.",
            ])
        #expect(update.changes && !LockUpdate(before: after, after: after, unresolved: []).changes)
        let first = LockUpdate(before: nil, after: before, unresolved: [])
        #expect(LockText(first).lines.last == "4 new.")
        #expect(try JSONText.document(LockDocument(update)).contains(#""volume" : "data on h1""#))
    }
}
