import RecastTesting
import Testing

@Suite struct ContractTests {
    static let engines: [EngineConfiguration] = [.engine20, .engine26, .engine29]

    @Test(arguments: EngineContract.checks, engines.indices)
    func `the simulated engine keeps the contract`(check: EngineContract.Check, engine: Int) async throws {
        let configuration = Self.engines[engine]
        try await withSimulatedEngine(configuration) { engine in
            let client = PlainClient(socketPath: engine.path)
            let contract = EngineContract(EngineContract.Facts(configuration)) { try await client.exchange($0, $1, $2) }
            try await contract.verify(check)
        }
    }
}
