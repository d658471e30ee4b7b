package import DockerAPI
import RecastHosts
package import RecastModel
import SSHAccess
import SSHAddressing

/// The hosts of an environment, as far as they answered.
package struct Fleet: Sendable {
    package let readers: [HostName: EngineReader]
    /// Why the others did not, in a sentence.
    package let unreachable: [HostName: String]

    /// Connects to all hosts at once, each within `timeout`.
    static func connect(
        _ hosts: [HostName: EngineLocator.Answer], over network: EngineNetwork, ssh: SSHAccess?,
        timeout: Duration = .seconds(10)
    ) async throws -> Self {
        let answers = try await concurrently(hosts.sorted { $0.key < $1.key }, atOnce: hostsAtOnce) { name, answer in
            (name, try await attempt(answer, network, ssh, timeout))
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
    static let hostsAtOnce = 256

    /// How many hosts say at the same time what they have: each answers with many times what it is asked.
    static let hostsReadAtOnce = 128

    private static func attempt(
        _ answer: EngineLocator.Answer, _ network: EngineNetwork, _ ssh: SSHAccess?, _ timeout: Duration
    ) async throws -> Result<EngineReader, EngineError> {
        do {
            switch try answer.get() {
            case .engine(let endpoint):
                return .success(try await EngineReader.connect(to: endpoint, over: network, timeout: timeout))
            case .ssh(let address):
                guard let ssh else { return .failure(unreachable("nothing here reaches hosts by ssh")) }
                let door = try await ssh.open(address)
                return .success(
                    try await EngineReader.connect(
                        to: .unix(path: door.localPath),
                        behind: EngineTunnel(name: "the engine at \(address.host)", failure: door.failure),
                        over: network, timeout: timeout))
            }
        } catch let problem as EngineLocator.Problem {
            return .failure(unreachable(problem.sentence))
        } catch let error as SSHAccessError {
            return .failure(unreachable(error.description))
        } catch let error as EngineError {
            return .failure(error)
        }
    }

    private static func unreachable(_ reason: String) -> EngineError {
        EngineError(.unreachable, route: "", message: reason)
    }
}
