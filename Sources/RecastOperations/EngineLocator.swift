import DockerAPI
import RecastManifest
import RecastModel
import SSHAddressing

/// Turns what an environment says of a host into an endpoint to connect to.
struct EngineLocator: Sendable {
    /// Why a host has no endpoint, in a sentence.
    struct Problem: Error {
        let sentence: String
    }

    enum Location: Hashable {
        case engine(EngineEndpoint)
        case ssh(SSHAddress)
    }

    let surroundings: Surroundings

    typealias Answer = Result<Location, Problem>

    func locations(of hosts: [HostDefinition]) -> [HostName: Answer] {
        Dictionary(
            uniqueKeysWithValues: hosts.map { host in
                (host.name, Answer { () throws(Problem) in try location(of: host) })
            })
    }

    func location(of host: HostDefinition) throws(Problem) -> Location {
        let tls = host.tls.map {
            EngineTLS(
                authorityFile: $0.authority, certificateFile: $0.certificate, keyFile: $0.key,
                serverName: $0.serverName)
        }
        guard case .context(let name) = try address(host.engine) else {
            return try location(at: host.engine, tls)
        }
        guard let folder = surroundings.dockerFolder else {
            throw Problem(sentence: "neither HOME nor DOCKER_CONFIG says where the contexts of docker are")
        }
        let context = try context(name, in: folder)
        let location = try location(at: context.host, context.tls)
        if case .engine(.tcp(let address, _)) = location, !host.insecure, !EngineAddressSyntax.isLoopback(address) {
            throw Problem(
                sentence: "the context '\(name)' is plain TCP to '\(address)', where anyone on the way could take over"
                    + " the host; it needs certificates, or `insecure: true`")
        }
        return location
    }

    private func context(_ name: String, in folder: String) throws(Problem) -> DockerContextStore.Context {
        do {
            return try DockerContextStore(folder: folder).context(named: name)
        } catch {
            throw Problem(sentence: "\(error)")
        }
    }

    private func location(at text: String, _ tls: EngineTLS?) throws(Problem) -> Location {
        switch try address(text) {
        case .unix(let path): return .engine(.unix(path: path))
        case .tcp(let host, let port):
            guard let tls else { return .engine(.tcp(host: host, port: port ?? EngineAddressSyntax.plainPort)) }
            return .engine(.tls(host: host, port: port ?? EngineAddressSyntax.securePort, tls))
        case .ssh(let address): return .ssh(address)
        case .context: throw Problem(sentence: "'\(text)' is the address of a context, which is no engine's")
        }
    }

    private func address(_ text: String) throws(Problem) -> EngineAddress {
        do {
            return try EngineAddressSyntax.parse(text)
        } catch {
            throw Problem(sentence: error.message)
        }
    }
}

extension EngineLocator.Answer {
    var isSSH: Bool {
        if case .success(.ssh) = self { true } else { false }
    }
}
