import Testing

@testable import OpenSSH

private actor Gauge {
    private(set) var now = 0
    private(set) var most = 0

    func enter() {
        now += 1
        most = max(most, now)
    }

    func leave() { now -= 1 }
}

@Suite(.timeLimit(.minutes(2)))
struct TurnstileTests {
    @Test func `no more tasks are inside than there are places`() async throws {
        let turnstile = Turnstile(places: 3)
        let inside = Gauge()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await turnstile.pass {
                        await inside.enter()
                        for _ in 0..<5 { await Task.yield() }
                        await inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(await inside.now == 0)
        #expect((2...3).contains(await inside.most))
    }

    @Test func `a place is free again after an error and a cancelled wait`() async throws {
        struct Refusal: Error {}
        let turnstile = Turnstile(places: 1)
        await #expect(throws: Refusal.self) { try await turnstile.pass { throw Refusal() } }
        try await turnstile.pass {
            let waiting = Task { try await turnstile.pass {} }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        #expect(try await turnstile.pass { 7 } == 7)
    }
}
