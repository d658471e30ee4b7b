import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Synchronization
import Testing

/// How one engine waits for a container.
@Suite(.timeLimit(.minutes(2))) struct GateTests {
    private static let port = Probe.http(port: 8080, path: "/")

    private func ready(_ probe: Probe, timeout: Duration = .seconds(60), consecutive: Int = 1) -> Gate {
        var policy = GatePolicy(monitor: .zero)
        policy.readiness = Readiness(probe, timeout: timeout, consecutive: consecutive)
        return .ready(policy)
    }

    private func execs(_ engine: SimulatedEngine) -> Int {
        engine.requests.count { $0.route == "POST /exec/*/start" }
    }

    // MARK: Health checks

    @Test func `a health check's own test is asked, though the engine asks it rarely or never`() async throws {
        var image = SimulatedImage.web("1")
        image.hasOwnProbes = false
        image.programs["wget"] = SimulatedProgram(failures: 2)
        try await GateBench.with(image) { bench in
            try await bench.start()
            try await bench.wait(.ready(GatePolicy()))
            #expect(execs(bench.engine) == 3)
            #expect(bench.engine.snapshot["web"]?.health == "starting")
        }
    }

    @Test func `the engine's own verdict counts while a probe hangs`() async throws {
        var image = SimulatedImage.web("1", .healthy(after: .milliseconds(60)))
        image.programs["wget"] = SimulatedProgram(takes: .seconds(3600))
        try await GateBench.with(image) { bench in
            try await bench.start()
            try await bench.wait(.healthy)
        }
    }

    @Test func `an unhealthy container fails with the last answer and its log`() async throws {
        var image = SimulatedImage.web("1", .healthy(after: .seconds(3600)))
        image.log = ["no database"]
        try await GateBench.with(image) { bench in
            try await bench.start()
            async let ended = bench.failure(.ready(GatePolicy()))
            while execs(bench.engine) < 2 { try await Task.sleep(for: .milliseconds(1)) }
            try bench.engine.setBehaviour(of: "web", to: .neverHealthy(after: .zero))
            let failure = try #require(await ended)
            #expect(failure.message == "became unhealthy; the last answer: exit code 1: not healthy")
            #expect(
                failure.details.map(\.title) == [
                    "last lines of its log", "last health probes", "last answers to Recast's own probes",
                ])
            #expect(failure.details.first?.lines == ["no database"])
        }
    }

    @Test func `an engine that runs no programs is asked for its own verdict`() async throws {
        try await GateBench.with(.web("1", .healthy(after: .milliseconds(300)))) { bench in
            for number in 1...3 {
                bench.engine.inject(.fail(500, "no exec here"), at: .route("POST /containers/*/exec", number))
            }
            try await bench.start()
            try await bench.wait(.ready(GatePolicy()))
        }
    }

    @Test func `a container that ends meanwhile fails with its exit code`() async throws {
        var image = SimulatedImage.web("1", .exits(code: 3, after: .milliseconds(50)))
        image.hasOwnProbes = false
        image.programs["wget"] = .fails()
        try await GateBench.with(image) { bench in
            try await bench.start()
            #expect(await bench.failure(.ready(GatePolicy()))?.message == "ended with exit code 3")
        }
    }

    // MARK: Probes

    @Test func `a probe must be answered as often in a row as is asked for`() async throws {
        var image = SimulatedImage.program("1")
        image.programs["check"] = SimulatedProgram(failures: 2)
        try await GateBench.with(image) { bench in
            try await bench.start()
            try await bench.wait(ready(.exec(["check"]), consecutive: 3))
            #expect(execs(bench.engine) == 5)
        }
    }

    @Test func `a probe that is never answered fails after its time`() async throws {
        var image = SimulatedImage.program("1")
        image.programs["check"] = .fails(7)
        try await GateBench.with(image) { bench in
            try await bench.start()
            let failure = try #require(await bench.failure(ready(.exec(["check"]), timeout: .milliseconds(500))))
            #expect(failure.message.hasPrefix("was not ready within 0.5 s"))
        }
    }

    @Test func `what a probe says is told while it is not answered`() async throws {
        var image = SimulatedImage.program("1")
        image.programs["check"] = SimulatedProgram(failures: 5, exitCode: 7, output: ["no database"])
        try await GateBench.with(image) { bench in
            try await bench.start()
            try await bench.wait(ready(.exec(["check"]), timeout: .seconds(3600)))
            #expect(bench.waits.contains("exit code 7: no database"))
        }
    }

    @Test(arguments: [SimulatedProgram.missing("/bin/sh"), .fails(97)])
    func `an image without a shell or a tool fails at once, and the way out is named`(
        shell: SimulatedProgram
    ) async throws {
        var image = SimulatedImage.program("1")
        image.programs["/bin/sh"] = shell
        try await GateBench.with(image) { bench in
            try await bench.start()
            let failure = try #require(await bench.failure(ready(Self.port, timeout: .seconds(3600))))
            #expect(failure.message.contains("ready: { exec:"))
            #expect(execs(bench.engine) == 1)
        }
    }

    @Test func `without a check it must run for a while, and says so`() async throws {
        try await GateBench.with(.program("1")) { bench in
            try await bench.start()
            try await bench.wait(.ready(GatePolicy(monitor: .seconds(3))))
            #expect(
                bench.waits.first?.hasPrefix("running, ") == true && bench.waits.first?.hasSuffix(" s of 3 s") == true)
            #expect(execs(bench.engine) == 0)
        }
    }

    @Test func `a steady container that is healthy at once is watched all the same`() async throws {
        try await GateBench.with(.web("1", .exits(code: 1, after: .milliseconds(100)))) { bench in
            try await bench.start()
            #expect(await bench.failure(.steady(.seconds(3600)))?.message == "ended with exit code 1")
        }
    }

    // MARK: Completion

    private func task(_ code: Int = 0) -> SimulatedImage {
        var image = SimulatedImage.program("task", .exits(code: code, after: .milliseconds(150)))
        image.log = ["one", ""]
        image.lateLog = ["three"]
        return image
    }

    @Test(arguments: [false, true])
    func `what a task writes is told, each line once, also when it ends at once`(isOver: Bool) async throws {
        try await GateBench.with(task()) { bench in
            try await bench.start()
            while isOver, bench.engine.snapshot["web"]?.isRunning == true {
                try await Task.sleep(for: .milliseconds(5))
            }
            try await bench.wait(.completed())
            #expect(bench.output == ["one", "", "three"])
        }
    }

    @Test func `a log whose connection is lost is told once all the same`() async throws {
        try await GateBench.with(task()) { bench in
            bench.engine.inject(.dropBefore, at: .route("GET /containers/*/logs", 1))
            try await bench.start()
            try await bench.wait(.completed(within: .seconds(60)))
            #expect(bench.output == ["one", "", "three"])
        }
    }

    @Test func `of one that ended before this apply nothing is told`() async throws {
        try await GateBench.with(.program("task", .completes)) { bench in
            try bench.engine.start("web")
            try await bench.wait(.completed())
            #expect(!bench.engine.requests.contains { $0.route == "GET /containers/*/logs" })
        }
    }

    @Test func `a task that fails says its exit code`() async throws {
        try await GateBench.with(task(4)) { bench in
            try await bench.start()
            let failure = await bench.failure(.completed())
            #expect(failure?.message == "ended with exit code 4")
            #expect(failure?.details.first?.lines == ["one", "three"])
        }
    }

    @Test func `a task that takes too long fails`() async throws {
        try await GateBench.with(.program("task")) { bench in
            try await bench.start()
            #expect(await bench.failure(.completed(within: .seconds(1)))?.message == "did not end within 1 s")
        }
    }
}
