package import DockerAPI
import RecastHosts
package import RecastModel

/// The hosts of an environment, as far as they answered.
package struct Fleet: Sendable {
    package let readers: [HostName: EngineReader]
    /// Why the others did not, in a sentence.
    package let unreachable: [HostName: String]

    /// Connects to all hosts at once, each within `timeout`.
    static func connect(
        _ hosts: [HostDefinition], over network: EngineNetwork, timeout: Duration = .seconds(10)
    ) async throws -> Self {
        let answers = try await concurrently(hosts, atOnce: hostsAtOnce) { host in
            (host.name, try await attempt(host, network, timeout))
        }
        var readers: [HostName: EngineReader] = [:]
        var unreachable: [HostName: String] = [:]
        for (name, result) in answers {
            switch result {
            case .success(let reader): readers[name] = reader
            case .failure(let error): unreachable[name] = error.message
            }
        }
        return Self(readers: readers, unreachable: unreachable)
    }

    /// How many hosts are talked to at the same time.
    static let hostsAtOnce = 64

    private static func attempt(
        _ host: HostDefinition, _ network: EngineNetwork, _ timeout: Duration
    ) async throws -> Result<EngineReader, EngineError> {
        guard let endpoint = EngineEndpoint(host.engine) else {
            return .failure(
                EngineError(.unreachable, route: "", message: "'\(host.engine)' is no endpoint that is supported yet"))
        }
        do {
            return .success(try await EngineReader.connect(to: endpoint, over: network, timeout: timeout))
        } catch let error as EngineError {
            return .failure(error)
        }
    }
}
