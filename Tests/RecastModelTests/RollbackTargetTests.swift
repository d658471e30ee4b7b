import RecastModel
import Testing

@Suite struct RollbackTargetTests {
    /// Releases 1, 2, …, each with the versions of its services.
    private func history(
        _ releases: [(Outcome?, [ServiceName: Int])], restores: [Int: Int] = [:], commit: String = "0123abc"
    ) -> History {
        let records = releases.enumerated().map { index, release in
            var origin = ReleaseOrigin(actor: "ana@laptop", toolVersion: "0.1.0", commit: commit)
            origin.restores = restores[index + 1]
            return ReleaseRecord(
                number: index + 1, name: "release-\(index + 1)", origin: origin, began: Int64(index),
                outcome: release.0,
                services: release.1.mapValues {
                    .init(image: "shop/x:\($0)", digest: "sha256:\($0)", specHash: "v1:\($0)", instances: 1)
                })
        }
        return History(["a": records])
    }

    private func rejected(_ digest: String) -> [LockFile.Rejection] {
        [.init(digest: digest, service: "web", reason: "leaks", at: "2026-01-31T12:00:00Z", by: "ana")]
    }

    private func numbers(
        _ history: History, _ services: Set<ServiceName> = [], rejected: [LockFile.Rejection] = []
    ) -> [Int] {
        history.rollbackTargets(of: services, rejected).map(\.release.number)
    }

    @Test func `the newest that ended well and differs from what runs comes first`() {
        #expect(numbers(history([(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 3])])) == [2, 1])
        #expect(numbers(history([(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 2])])) == [1])
        #expect(numbers(history([(.done, ["web": 1])])).isEmpty)
        #expect(numbers(history([])).isEmpty)
    }

    @Test(arguments: [.partlyDone, .interrupted, nil] as [Outcome?])
    func `what was half put in place runs, and is nothing to go back to`(outcome: Outcome?) {
        let half = history([(.done, ["web": 1]), (.done, ["web": 2]), (outcome, ["web": 3])])
        #expect(numbers(half) == [2, 1])
        #expect(throws: RollbackRefusal.self) { try half.rollbackTarget(.number(3), of: [], []) }
    }

    @Test func `what failed and went back by itself does not run`() {
        #expect(numbers(history([(.done, ["web": 1]), (.done, ["web": 2]), (.failed, ["web": 3])])) == [1])
    }

    @Test func `what was rolled back is not gone to again, by that service`() {
        let back = history([(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 1])], restores: [3: 1])
        #expect(numbers(back).isEmpty)
        let other = history(
            [(.done, ["web": 1, "api": 1]), (.done, ["api": 2]), (.done, ["web": 2]), (.done, ["web": 1])],
            restores: [4: 1])
        #expect(numbers(other, ["api"]) == [1])
        let forward = history(
            [(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 1]), (.done, ["web": 3])], restores: [3: 1])
        #expect(numbers(forward) == [3, 1])
    }

    @Test(arguments: [nil, .interrupted, .partlyDone] as [Outcome?])
    func `a rollback that did not end is finished, and what it was to leave still counts`(outcome: Outcome?) throws {
        let cutOff = history(
            [(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 3]), (outcome, ["web": 1])], restores: [4: 1])
        #expect(numbers(cutOff) == [1, 2])
        #expect(cutOff.current["web"]?.map(\.digest) == ["sha256:3"])
        let finished = history(
            [(.done, ["web": 1]), (.done, ["web": 2]), (outcome, ["web": 1]), (.done, ["web": 1])],
            restores: [3: 1, 4: 1])
        #expect(numbers(finished).isEmpty)
    }

    @Test func `a service that is new makes a difference`() {
        let added = history([(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 2, "extra": 1])])
        #expect(numbers(added) == [2, 1])
        #expect(numbers(added, ["web"]) == [1])
        let renamed = history([(.done, ["web": 1]), (.done, ["web2": 1])])
        #expect(numbers(renamed) == [1])
    }

    @Test func `what was rejected is left out, and refused by its number`() throws {
        let all = history([(.done, ["web": 1]), (.done, ["web": 2]), (.done, ["web": 3])])
        #expect(numbers(all, rejected: rejected("sha256:2")) == [1])
        let rejection = rejected("sha256:2")
        #expect(throws: RollbackRefusal.rejected(2, rejection[0])) {
            try all.rollbackTarget(.number(2), of: [], rejection)
        }
    }

    @Test func `a service that a release did not touch is what an earlier one made of it`() throws {
        let all = history([(.done, ["web": 1, "api": 7]), (.done, ["web": 2]), (.done, ["web": 3, "api": 8])])
        let target = try all.rollbackTarget(.newest, of: [], [])
        #expect(target.release.number == 2)
        #expect(target.services.mapValues(\.digest) == ["web": "sha256:2", "api": "sha256:7"])
        #expect(try all.rollbackTarget(.newest, of: ["web"], []).services.keys.map(\.text) == ["web"])
    }

    @Test func `a digest stands for the newest release that had it`() throws {
        let all = history([(.done, ["web": 1]), (.done, ["web": 1]), (.done, ["web": 3])])
        #expect(try all.rollbackTarget(.digest("sha256:1"), of: [], []).release.number == 2)
        #expect(throws: RollbackRefusal.unknownDigest("sha256:9")) {
            try all.rollbackTarget(.digest("sha256:9"), of: [], [])
        }
        #expect(throws: RollbackRefusal.unknown(9, known: [3, 2, 1])) {
            try all.rollbackTarget(.number(9), of: [], [])
        }
    }

    @Test func `hosts that differed have no one state to go back to`() {
        let record = { (version: Int) in
            ReleaseRecord(
                number: 1, name: "r", origin: ReleaseOrigin(actor: "a", toolVersion: "1"), began: 1, outcome: .done,
                services: ["web": .init(image: "x:1", digest: "sha256:\(version)", specHash: "v1", instances: 1)])
        }
        let history = History(["a": [record(1)], "b": [record(2)]])
        #expect(throws: RollbackRefusal.mixed(1, "web")) { try history.rollbackTarget(.number(1), of: [], []) }
    }

    @Test(
        arguments: [
            ("0123abc", "0123abc"), ("0123abc-dirty", nil), ("--upload-pack=x", nil), ("", nil), ("abc", nil),
            (String(repeating: "f", count: 65), nil),
        ])
    func `only a whole hash is a commit`(text: String, commit: String?) throws {
        let all = history([(.done, ["web": 1]), (.done, ["web": 2])], commit: text)
        #expect(try all.rollbackTarget(.newest, of: [], []).commit == commit)
    }

    @Test func `the release that was restored is recorded`() {
        var origin = ReleaseOrigin(actor: "ana", operation: "rollback", toolVersion: "1")
        origin.restores = 41
        let record = ReleaseRecord(number: 43, name: "r", origin: origin, began: 1, outcome: .done, services: [:])
        #expect(ReleaseRecord(labels: record.labels) == record)
        #expect(RolledBack([record])?.restores == 41 && RolledBack([record])?.isFinished == true)
        let cutOff = ReleaseRecord(number: 43, name: "r", origin: origin, began: 1, services: [:])
        #expect(RolledBack([record, cutOff])?.isFinished == false)
        let failed = ReleaseRecord(number: 43, name: "r", origin: origin, began: 1, outcome: .failed, services: [:])
        #expect(RolledBack([failed]) == nil && RolledBack([]) == nil)
        let later = ReleaseRecord(
            number: 44, name: "s", origin: ReleaseOrigin(actor: "a", toolVersion: "1"), began: 1, services: [:])
        #expect(RolledBack([record, later]) == nil)
    }
}
