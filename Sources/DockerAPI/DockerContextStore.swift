// swift-format-ignore-file: AlwaysUseLowerCamelCase

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The contexts of the docker CLI: names for engines, kept as files below its configuration folder.
///
/// `contexts/meta/ID/meta.json` has a context's name and address, `contexts/tls/ID/docker/` its certificates and key;
/// the ID is the SHA-256 of the name.
package struct DockerContextStore: Sendable {
    package struct Context: Hashable, Sendable {
        /// An engine's address as a URL, such as `tcp://10.0.0.5:2376` or `ssh://user@host`.
        package let host: String
        /// `nil`: the context has no certificates.
        package let tls: EngineTLS?
    }

    /// Why a context cannot be used, in a sentence.
    package struct Problem: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    private let folder: String

    /// `folder`: the docker CLI's configuration folder, `$DOCKER_CONFIG` or `~/.docker`.
    package init(folder: String) { self.folder = folder }

    /// It throws `Problem`.
    package func context(named name: String) throws -> Context {
        if name == "default" { return Context(host: "unix:///var/run/docker.sock", tls: nil) }
        let found = entries()
        guard let (id, meta) = found.contexts.first(where: { $0.meta.Name == name }) else {
            let known = (["default"] + found.contexts.map(\.meta.Name).sorted()).joined(separator: ", ")
            let others = found.problems.map { "; \($0)" }.joined()
            throw Problem(description: "there is no context '\(name)' in '\(folder)'; there is \(known)\(others)")
        }
        guard let endpoint = meta.Endpoints?["docker"], let host = endpoint.Host, !host.isEmpty else {
            throw Problem(description: "the context '\(name)' names no Docker engine")
        }
        if endpoint.SkipTLSVerify ?? false {
            throw Problem(
                description: "the context '\(name)' says not to verify certificates (SkipTLSVerify), which is refused")
        }
        return Context(host: host, tls: try material(of: id, name: name))
    }

    private struct Meta: Decodable {
        struct Endpoint: Decodable {
            let Host: String?
            let SkipTLSVerify: Bool?
        }
        let Name: String
        let Endpoints: [String: Endpoint]?
    }

    /// In the order of their folders, and why some cannot be read: one that is broken is no matter of the others.
    private func entries() -> (contexts: [(id: String, meta: Meta)], problems: [String]) {
        var contexts: [(id: String, meta: Meta)] = []
        var problems: [String] = []
        for id in names(in: "\(folder)/contexts/meta") {
            do {
                let bytes = try NamedFile.contents(of: "\(folder)/contexts/meta/\(id)/meta.json")
                contexts.append((id, try JSONDecoder().decode(Meta.self, from: Data(bytes))))
            } catch let problem as NamedFile.Problem {
                if !problem.isAbsent { problems.append(problem.sentence) }
            } catch {
                problems.append("'\(folder)/contexts/meta/\(id)/meta.json' is no description of a context")
            }
        }
        return (contexts, problems)
    }

    private func material(of id: String, name: String) throws -> EngineTLS? {
        let path = "\(folder)/contexts/tls/\(id)/docker"
        let files = Set(names(in: path))
        func file(_ name: String) -> String? { files.contains(name) ? "\(path)/\(name)" : nil }
        let tls = EngineTLS(
            authorityFile: file("ca.pem"), certificateFile: file("cert.pem"), keyFile: file("key.pem"))
        guard tls != EngineTLS() else { return nil }
        guard (tls.certificateFile == nil) == (tls.keyFile == nil) else {
            throw Problem(description: "the context '\(name)' has only one of cert.pem and key.pem in '\(path)'")
        }
        return tls
    }

    /// The names in a folder, sorted; none where there is no such folder.
    private func names(in folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.sorted() ?? []
    }
}
