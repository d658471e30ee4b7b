import DockerAPI
import RecastTesting
import Tar
import Testing

@Suite struct ContractTests {
    static let engines: [EngineConfiguration] = [.engine20, .engine26, .engine29]

    @Test(arguments: EngineContract.checks, engines.indices)
    func `the simulated engine keeps the contract`(check: EngineContract.Check, engine: Int) async throws {
        let configuration = Self.engines[engine]
        try await withSimulatedEngine(configuration) { engine in
            let client = PlainClient(socketPath: engine.path)
            let archive = TarArchive([TarEntry("a/file", .file([65]), mode: 0o400, time: 0)])
            let facts = EngineContract.Facts(configuration, archive: await bytes(of: archive))
            let contract = EngineContract(facts) { try await client.exchange($0, $1, $2) }
            try await contract.verify(check)
        }
    }
}
