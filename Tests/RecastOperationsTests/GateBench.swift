import DockerAPI
import RecastHosts
import RecastModel
import RecastTesting
import Synchronization
import Testing

/// One simulated engine with one container, `web`, that was made and not started.
final class GateBench: Sendable {
    let engine: SimulatedEngine
    let host: EngineHost
    private let told = Mutex<[StepProgress]>([])
    static let container = ContainerHandle.name("web")

    static func with<Result: Sendable>(
        _ image: SimulatedImage, _ body: (GateBench) async throws -> Result
    ) async throws -> Result {
        var configuration = EngineConfiguration.engine20
        configuration.registry["shop/it:1"] = image
        configuration.preloaded = ["shop/it:1"]
        return try await withSimulatedEngine(configuration) { engine in
            try await EngineNetwork.withNetwork { network in
                let client = EngineClient(try await .connect(to: .unix(path: engine.path), over: network))
                var config = ContainerConfig()
                config.Image = "shop/it:1"
                _ = try await client.createContainer(
                    named: "web", ContainerCreate(config: config, hostConfig: HostConfig()))
                return try await body(GateBench(engine, client))
            }
        }
    }

    private init(_ engine: SimulatedEngine, _ client: EngineClient) {
        self.engine = engine
        host = EngineHost(client, environment: "test", application: "shop", toolVersion: "test")
    }

    var output: [String] {
        told.withLock { $0.compactMap { if case .output(let line) = $0 { line } else { nil } } }
    }
    var waits: [String] {
        told.withLock { $0.compactMap { if case .waiting(let words) = $0 { words } else { nil } } }
    }

    func perform(_ action: Action) async throws {
        try await host.perform(action) { progress in self.told.withLock { $0.append(progress) } }
    }
    func start() async throws { try await perform(.start(container: Self.container)) }
    func wait(_ gate: Gate) async throws { try await perform(.await(container: Self.container, gate)) }

    /// `nil` when it passed, or failed in another way.
    func failure(_ gate: Gate) async -> StepFailure? { await failure(of: .await(container: Self.container, gate)) }
    func failure(of action: Action) async -> StepFailure? {
        do {
            try await perform(action)
            return nil
        } catch { return error as? StepFailure }
    }
}
