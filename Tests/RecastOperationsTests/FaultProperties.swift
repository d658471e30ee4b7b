import RecastExecutor
import RecastModel
import RecastOperations
import RecastTesting
import Testing

/// One call goes wrong, whichever it is; the next apply reaches the goal and nothing is doubled.
@Suite struct FaultProperties {
    static let effects: [Fault.Effect] = [.fail(500, "out of luck"), .dropBefore, .dropReply, .hang]

    private func expectConverges(_ engine: SimulatedEngine, version: Int, _ comment: Comment) async throws {
        engine.faults = []
        let shop = Shop(engine: engine)
        let outcome = try await shop.apply(version: version)
        #expect(outcome == .done, comment)
        #expect(try await shop.operations(version: version).plan().plan.changes == [], comment)
        #expect(engine.servingCount == 2, comment)
        #expect(engine.runningCount == 2, comment)
        #expect(engine.snapshot.portClashes == 0, comment)
        #expect(engine.snapshot.writerClashes == 0, comment)
    }

    @Test(arguments: effects)
    func `a fault at any call of a replacement`(effect: Fault.Effect) async throws {
        for call in 1...14 {
            try await withSimulatedEngine { engine in
                engine.oneWriterVolumes = ["test-shop_store"]
                var shop = Shop(engine: engine)
                try await shop.mustApply(version: 1)
                if effect == .hang { shop.longestCall = .milliseconds(700) }
                engine.inject(effect, at: .mutation(call + engine.snapshot.mutations.count))
                _ = try await shop.apply(version: 2)
                try await expectConverges(engine, version: 2, "\(effect) at call \(call)")
            }
        }
    }

    @Test(arguments: effects)
    func `a fault at any call of a first apply`(effect: Fault.Effect) async throws {
        for call in 1...8 {
            try await withSimulatedEngine { engine in
                var shop = Shop(engine: engine)
                if effect == .hang { shop.longestCall = .milliseconds(700) }
                engine.inject(effect, at: .mutation(call))
                _ = try await shop.apply(version: 1)
                try await expectConverges(engine, version: 1, "\(effect) at call \(call)")
            }
        }
    }

    @Test func `a fault of one call leaves the old version running`() async throws {
        for call in 1...14 {
            try await withSimulatedEngine { engine in
                let shop = Shop(engine: engine)
                try await shop.mustApply(version: 1)
                engine.inject(.fail(500, "x"), at: .mutation(call + engine.snapshot.mutations.count))
                _ = try await shop.apply(version: 2)
                let services = engine.snapshot.containers.filter(\.isRunning)
                    .compactMap { $0.labels["io.recast.service"] }
                #expect(services.sorted() == ["data", "front"], "call \(call)")
            }
        }
    }

    @Test func `a plan makes no call that changes anything`() async throws {
        try await withSimulatedEngine { engine in
            let shop = Shop(engine: engine)
            _ = try await shop.operations(version: 1).plan()
            _ = try await shop.operations(version: 1).status()
            #expect(engine.snapshot.mutations == [])
        }
    }

    @Test func `an apply whose hosts moved meanwhile is refused`() async throws {
        try await withSimulatedEngine { engine in
            let shop = Shop(engine: engine)
            try await shop.mustApply(version: 1)
            let before = engine.snapshot.mutations.count
            await #expect(throws: Operations.Refusal.self) {
                try await shop.operations(version: 2).apply(
                    limits: Schedule.Limits(),
                    approve: { _ in
                        let container = try #require(engine.snapshot.containers.first)
                        try engine.update(container.name, memory: 32 << 20)
                        return .given
                    }, emit: { _ in })
            }
            #expect(engine.snapshot.mutations.count == before)
        }
    }
}
