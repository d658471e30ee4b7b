import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// Files that stand in a container before it starts, from the plan to the engine.
@Suite struct FileTests {
    static let engines: [EngineConfiguration] = [.engine20, .engine26, .engine28]

    private func withShop(
        _ configuration: EngineConfiguration, _ body: (SimulatedEngine, Shop) async throws -> Void
    ) async throws {
        try await withSimulatedEngine(configuration) { engine in
            try await body(engine, Shop(engine: engine, hasFiles: true))
        }
    }

    @Test(arguments: engines.indices)
    func `content, mode and owner arrive, and a second plan is empty`(index: Int) async throws {
        try await withShop(Self.engines[index]) { engine, shop in
            try await shop.mustApply(version: 1)
            expectFiles(on: engine, version: 1, "first")
            let secret = try #require(engine.snapshot.service("front")?.files["/run/secrets/DB_PASSWORD"])
            #expect(secret.mode == 0o440 && secret.user == 1000 && secret.group == 1001)
            let closed = try #require(engine.snapshot.service("data")?.files)
            #expect(closed["/run/secrets/DB_PASSWORD"]?.mode == 0o440)
            #expect(closed["/srv/site/current"]?.kind == .symbolicLink(to: "a"))
            #expect(try await shop.operations(version: 1).plan().plan.isEmpty)
        }
    }

    @Test(arguments: engines.indices)
    func `files are there before the container starts`(index: Int) async throws {
        try await withShop(Self.engines[index]) { engine, shop in
            try await shop.mustApply(version: 1)
            let calls = engine.snapshot.mutations.map(\.description)
            let filled = try #require(calls.firstIndex { $0.hasSuffix(".filler/archive") })
            let firstStart = try #require(calls.firstIndex { $0.hasSuffix("/start") })
            #expect(filled < firstStart)
            let front = try #require(engine.snapshot.service("front")).name
            let delivered = try #require(calls.lastIndex(of: "PUT /containers/\(front)/archive"))
            #expect(try delivered < #require(calls.firstIndex(of: "POST /containers/\(front)/start")))
        }
    }

    @Test func `a changed file is a replacement that names it and shows nothing of it`() async throws {
        try await withShop(.engine20) { engine, shop in
            try await shop.mustApply(version: 1)
            let old = engine.snapshot.volumes.map(\.name)
            let plan = try await shop.operations(version: 2).plan().plan
            let fields = plan.changes.map { $0.differences.map(\.field) }
            let settings = "files.config settings"
            #expect(
                fields == [
                    ["environment.VERSION", settings, "files.secret DB_PASSWORD"],
                    ["environment.VERSION", "files.config front", "files.secret DB_PASSWORD"],
                ])
            let difference = try #require(plan.changes.first?.differences.first { $0.field == settings })
            #expect(difference.live == maskedValue && difference.desired == maskedValue)
            try await shop.mustApply(version: 2)
            expectFiles(on: engine, version: 2, "second")
            let new = engine.snapshot.volumes.map(\.name)
            #expect(new.count == old.count + 1, "the predecessor keeps its files")
            try await shop.mustApply(version: 3)
            #expect(engine.snapshot.volumes.count == new.count, "the volume goes with its container")
            expectFiles(on: engine, version: 3, "third")
            #expect(try await shop.operations(version: 3).plan().plan.isEmpty)
        }
    }

    @Test(arguments: engines.indices)
    func `a secret is in no label, name or request but the archives`(index: Int) async throws {
        try await withShop(Self.engines[index]) { engine, shop in
            var events: [String] = []
            let outcome = try await shop.operations(version: 7).apply(
                limits: Schedule.Limits(), approve: { _ in .given }, emit: { events.append("\($0)") })
            #expect(outcome == .done)
            let snapshot = engine.snapshot
            #expect(!snapshot.containers.isEmpty)
            for container in snapshot.containers {
                #expect(!"\(container.labels) \(container.config) \(container.hostConfig)".contains("DB_PASSWORD 7"))
                #expect(container.labels["io.recast.files"]?.contains(" secret DB_PASSWORD") == true)
            }
            for request in snapshot.requests {
                #expect(!"\(request) \(request.query) \(request.body)".contains("DB_PASSWORD 7"))
            }
            let steps = try await shop.operations(version: 8).plan().plan.steps
            for text in events + steps.map({ "\($0)" }) {
                #expect(!text.contains("DB_PASSWORD 7") && !text.contains("DB_PASSWORD 8"))
                #expect(!text.contains("\(Array("DB_PASSWORD".utf8))".dropLast()))
            }
        }
    }

    @Test func `another engine has other fingerprints of the same secret`() async throws {
        var labels: Set<String?> = []
        for id in ["one", "two"] {
            var configuration = EngineConfiguration.engine20
            configuration.id = id
            try await withShop(configuration) { engine, shop in
                try await shop.mustApply(version: 1)
                labels.insert(engine.snapshot.service("front")?.labels["io.recast.files"])
            }
        }
        #expect(labels.count == 2)
    }

    @Test(arguments: engines.indices)
    func `a client that is killed at any call leaves nothing that starts without its files`(index: Int) async throws {
        for isDone in [false, true] {
            var calls = 1
            var isMet = true
            while isMet {
                try await withShop(Self.engines[index]) { engine, shop in
                    try await shop.mustApply(version: 1)
                    let before = engine.snapshot.mutations.count
                    engine.inject(.killClient(isDone: isDone), at: .mutation(before + calls))
                    let outcome = try await shop.apply(version: 2)
                    isMet = outcome != .done
                    engine.goOnline()
                    engine.faults = []
                    let comment: Comment = "killed at call \(calls), done: \(isDone)"
                    try await shop.mustApply(version: 2)
                    #expect(try await shop.operations(version: 2).plan().plan.changes == [], comment)
                    #expect(engine.servingCount == 2 && engine.runningCount == 2, comment)
                    expectFiles(on: engine, version: 2, comment)
                    expectVolumes(on: engine, comment)
                }
                calls += 1
            }
            #expect(calls > 15, "only \(calls) calls were met")
        }
    }

    @Test func `what a first apply left half-done and is no longer wanted is removed`() async throws {
        for call in 1...8 {
            try await withShop(.engine20) { engine, shop in
                engine.inject(.killClient(isDone: true), at: .mutation(call))
                _ = try await shop.apply(version: 1)
                engine.goOnline()
                try await shop.mustApply(version: 2)
                #expect(try await shop.operations(version: 2).plan().plan.changes == [], "call \(call)")
                expectVolumes(on: engine, "call \(call)")
            }
        }
    }

    private func expectFiles(on engine: SimulatedEngine, version: Int, _ comment: Comment) {
        let front = engine.snapshot.service("front")?.files ?? [:]
        #expect(front["/run/secrets/DB_PASSWORD"]?.text == "DB_PASSWORD \(version)", comment)
        #expect(front["/etc/front.conf"]?.text == "front \(version)", comment)
        let data = engine.snapshot.service("data")?.files ?? [:]
        #expect(data["/run/secrets/DB_PASSWORD"]?.text == "DB_PASSWORD \(version)", comment)
        #expect(data["/store/settings"]?.text == "settings \(version)", comment)
        #expect(data["/srv/site/a/index.html"]?.text == "hello", comment)
    }

    /// One volume of the person's, one with files for each container that has it, and no container left through which it was filled.
    private func expectVolumes(on engine: SimulatedEngine, _ comment: Comment) {
        let names = engine.snapshot.volumes.map(\.name)
        let users = engine.snapshot.containers.count { $0.labels["io.recast.service"] == "data" }
        #expect(names.count { $0.hasPrefix(FileVolume.prefix) } == users && users <= 2, comment)
        #expect(names.contains("test-shop_store") && names.count == users + 1, comment)
        #expect(!engine.snapshot.containers.contains { $0.name.hasPrefix(FileVolume.prefix) }, comment)
    }
}

extension EngineSnapshot {
    fileprivate func service(_ name: String) -> Container? {
        containers.first { $0.labels["io.recast.service"] == name && !InstanceName.isRetained($0.name) }
    }
}
