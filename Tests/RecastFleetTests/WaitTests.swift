import DockerAPI
import Foundation
import RecastHosts
import RecastModel
import Synchronization
import Testing

extension FleetTests {
    /// How a real engine is waited for.
    @Suite struct WaitTests {
        private let fleet = TestFleet.current

        /// Runs `body` with a container of an image that was made and not started, on h1.
        private func with(
            _ image: String, command: [String]? = nil, terminal: Bool = false, port: Int? = nil,
            _ body: (Bench) async throws -> Void
        ) async throws {
            let name = "wait-" + UUID().uuidString.lowercased().prefix(8)
            let digest = try await fleet.digest(of: image)
            let repository = image.prefix { $0 != ":" }
            let reference = try #require(ImageReference("\(fleet.registry)/\(repository)@\(digest)"))
            try await fleet.withEngine("h1") { client in
                let host = EngineHost(client, environment: "test", application: "wait", toolVersion: "test")
                let bench = Bench(client: client, host: host, container: .name(name), image: reference)
                try await bench.perform(.pull(reference))
                var config = ContainerConfig()
                config.Image = reference.exact
                config.Cmd = command
                config.Tty = terminal ? true : nil
                config.ExposedPorts = port.map { _ in ["8080/tcp": EmptyObject()] }
                var hostConfig = HostConfig()
                hostConfig.PortBindings = port.map { ["8080/tcp": [.init(HostIp: nil, HostPort: "\($0)")]] }
                _ = try await client.createContainer(
                    named: name, ContainerCreate(config: config, hostConfig: hostConfig))
                let outcome: Result<Void, any Error>
                do { outcome = .success(try await body(bench)) } catch { outcome = .failure(error) }
                try? await client.removeContainer(name, anonymousVolumes: true)
                try outcome.get()
            }
        }

        private struct Bench: Sendable {
            let client: EngineClient
            let host: EngineHost
            let container: ContainerHandle
            let image: ImageReference
            private let told = Told()

            init(client: EngineClient, host: EngineHost, container: ContainerHandle, image: ImageReference) {
                self.client = client
                self.host = host
                self.container = container
                self.image = image
            }

            private final class Told: Sendable { let lines = Mutex<[String]>([]) }

            var output: [String] { told.lines.withLock(\.self) }

            func perform(_ action: Action) async throws {
                try await host.perform(action) { [told] progress in
                    if case .output(let line) = progress { told.lines.withLock { $0.append(line) } }
                }
            }
            func start() async throws { try await perform(.start(container: container)) }
            func wait(_ gate: Gate) async throws { try await perform(.await(container: container, gate)) }
            func failure(_ gate: Gate) async throws -> StepFailure {
                try await #require(throws: StepFailure.self) { try await wait(gate) }
            }
        }

        private func ready(_ probe: Probe, within timeout: Duration = .seconds(60)) -> Gate {
            var policy = GatePolicy()
            policy.readiness = Readiness(probe, timeout: timeout, consecutive: 2)
            return .ready(policy)
        }

        @Test func `a gate passes soon after the port answers, long before the engine looks`() async throws {
            try await with("shop/web:late", port: 18085) { bench in
                try await bench.start()
                async let passed: ContinuousClock.Instant = {
                    try await bench.wait(.ready(GatePolicy()))
                    return .now
                }()
                let answered = try await firstAnswer(port: 18085)
                let delay = try await passed - answered
                // The engine's own first probe comes 30 s after the start.
                #expect(delay < .seconds(10), "\(delay)")
                print("gate passed \(delay) after the first answer")
                let live = try await bench.client.reader.container(bench.container.reference)
                #expect(live.State?.Health?.Status == "starting")
            }
        }

        private func firstAnswer(port: Int) async throws -> ContinuousClock.Instant {
            while true {
                let page = "http://\(fleet.address("h1")):\(port)/health"
                let reply = try await Command("/usr/bin/curl", ["-fs", "--noproxy", "*", page]).run()
                if reply.status == 0 { return .now }
                try await Task.sleep(for: .milliseconds(10))
            }
        }

        @Test(arguments: [
            Probe.http(port: 8080, path: "/health"), .tcp(port: 8080), .exec(["test", "-f", "/www/health"]),
        ])
        func `a container is ready when its probe is answered`(probe: Probe) async throws {
            try await with("shop/web:late") { bench in
                try await bench.start()
                try await bench.wait(ready(probe))
                let live = try await bench.client.reader.container(bench.container.reference)
                #expect(live.State?.Health?.Status == "starting")
            }
        }

        @Test(arguments: [
            (Probe.http(port: 8080, path: "/none"), "exit code 1: status 404"),
            (.http(port: 8081, path: "/"), "no answer from port 8081"),
            (.tcp(port: 8081), "exit code 1: nothing listens on port 8081"),
            (.exec(["sh", "-c", "echo too early; exit 7"]), "exit code 7: too early"),
        ])
        func `one that is not answered fails with what it said, and the log`(probe: Probe, words: String) async throws {
            try await with("shop/web:1") { bench in
                try await bench.start()
                let failure = try await bench.failure(ready(probe, within: .seconds(2)))
                #expect(failure.message.hasPrefix("was not ready within 2 s; the last answer: "))
                #expect(failure.message.contains(words), "\(failure.message)")
                #expect(failure.details.first?.lines == ["web 1 listens on port 8080"])
            }
        }

        @Test(arguments: [Probe.http(port: 8080, path: "/"), .tcp(port: 8080)])
        func `an image without a shell fails at once, with the way out`(probe: Probe) async throws {
            try await with("shop/web:noshell") { bench in
                try await bench.start()
                let failure = try await bench.failure(ready(probe, within: .seconds(3600)))
                #expect(failure.message.contains("no shell"), "\(failure.message)")
                try await bench.wait(ready(.exec(["/bin/busybox", "wget", "-q", "-O", "-", "http://127.0.0.1:8080/"])))
            }
        }

        @Test(arguments: [false, true])
        func `what a task writes is told, each line once`(terminal: Bool) async throws {
            let script = "i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo line $i; done; sleep 1; echo; printf end"
            try await with("shop/base:1", command: ["sh", "-c", script], terminal: terminal) { bench in
                try await bench.start()
                try await bench.wait(.completed(within: .seconds(600)))
                #expect(bench.output == (1...300).map { "line \($0)" } + ["", "end"])
            }
        }

        @Test func `a second run tells its own lines alone, though it ends at once`() async throws {
            try await with("shop/base:1", command: ["sh", "-c", "date +%s%N"]) { bench in
                try await bench.start()
                try await bench.wait(.completed())
                let first = bench.output
                #expect(first.count == 1)
                try await Task.sleep(for: .seconds(4))
                try await bench.start()
                try await bench.wait(.completed())
                #expect(bench.output.count == 2, "\(bench.output)")
            }
        }

        @Test func `a drain asks inside, and its wait ends with the container`() async throws {
            let script = "until [ -e /asked ]; do sleep 0.1; done; sleep 1"
            try await with("shop/base:1", command: ["sh", "-c", script]) { bench in
                try await bench.start()
                let start = ContinuousClock.now
                let drain = Drain(.exec(["touch", "/asked"]), wait: .seconds(60))
                try await bench.perform(.drain(drain, container: bench.container))
                let live = try await bench.client.reader.container(bench.container.reference)
                #expect(live.State?.Status == "exited", "\(String(describing: live.State))")
                #expect(ContinuousClock.now - start < .seconds(50))
            }
        }

        @Test func `an image that nobody uses goes, and one that is used stays`() async throws {
            try await with("shop/spare:2") { bench in
                let prune = Action.pruneImages(repository: bench.image.repository, keep: 0)
                try await bench.perform(prune)
                #expect(try await bench.client.reader.image(bench.image.exact) != nil)
                try await bench.perform(.removeRehearsal(container: bench.container))
                try await bench.perform(prune)
                #expect(try await bench.client.reader.image(bench.image.exact) == nil)
            }
        }
    }
}
