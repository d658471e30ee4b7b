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
        _ hosts: [HostDefinition], over network: EngineNetwork, locator: EngineLocator,
        timeout: Duration = .seconds(10)
    ) async throws -> Self {
        let answers = try await concurrently(hosts, atOnce: hostsAtOnce) { host in
            (host.name, try await attempt(host, network, locator, timeout))
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
        _ host: HostDefinition, _ network: EngineNetwork, _ locator: EngineLocator, _ timeout: Duration
    ) async throws -> Result<EngineReader, EngineError> {
        do {
            switch try locator.location(of: host) {
            case .engine(let endpoint):
                return .success(try await EngineReader.connect(to: endpoint, over: network, timeout: timeout))
            case .ssh(let address): return .failure(unconnected(address))
            }
        } catch let problem as EngineLocator.Problem {
            return .failure(EngineError(.unreachable, route: "", message: problem.sentence))
        } catch let error as EngineError {
            return .failure(error)
        }
    }

    private static func unconnected(_ address: SSHAddress) -> EngineError {
        EngineError(.unreachable, route: "", message: "'\(address.host)' is reached by ssh, which is not connected yet")
    }
}
