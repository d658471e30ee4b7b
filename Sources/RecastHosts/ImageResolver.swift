package import DockerAPI
package import RecastModel

/// Finds out which content a tag names, once for the whole fleet.
package struct ImageResolver: Sendable {
    package enum Resolution: Hashable, Sendable {
        /// A registry's digest.
        case digest(String)
        /// No registry has it; the hosts' own copies are used.
        case local
        /// Nobody knows what it is.
        case unresolved(Reason)
        /// The registry has it, and a host that needs it cannot run it.
        case unusable(Reason)
    }

    package struct Reason: Hashable, Sendable {
        /// What is wrong, in one clause.
        package let text: String
        /// The way out.
        package let help: String

        package init(text: String, help: String) {
            self.text = text
            self.help = help
        }
    }

    private let readers: [HostName: EngineReader]
    private let logins: [String: RegistryLogin]
    private let asksRegistry: Bool

    /// `logins`: what registries are shown, by repository.
    ///
    /// `asksRegistry`: false: only what the hosts have is looked at.
    package init(
        readers: [HostName: EngineReader], logins: [String: RegistryLogin] = [:], asksRegistry: Bool = true
    ) {
        self.readers = readers
        self.logins = logins
        self.asksRegistry = asksRegistry
    }

    /// `images`: each reference with the hosts that need it.
    package func resolve(
        _ images: [ImageReference: Set<HostName>]
    ) async throws -> [ImageReference: Resolution] {
        let resolved = try await concurrently(images.sorted { $0.key < $1.key }, atOnce: 8) { image, hosts in
            let needing = hosts.sorted().compactMap { host in readers[host].map { Needing(host: host, reader: $0) } }
            return (image, try await resolve(image, neededOn: needing))
        }
        return Dictionary(uniqueKeysWithValues: resolved)
    }

    /// A host that needs an image.
    private struct Needing {
        let host: HostName
        let reader: EngineReader

        /// Podman has no `/distribution`.
        var canAskRegistries: Bool { EngineFacts(reader).product == .docker }
    }

    /// How many hosts are asked when one after the other cannot reach the registry.
    private static let mostAsked = 3

    private enum Answer {
        case success(DistributionInspect)
        case failure(Reason)
    }

    private func resolve(_ image: ImageReference, neededOn hosts: [Needing]) async throws -> Resolution {
        if let digest = image.digest { return .digest(digest) }
        guard !hosts.isEmpty else {
            return .unresolved(Reason(text: "no host that needs it answered", help: "make its hosts reachable"))
        }
        var reason = Reason(
            text: "the registry was not asked", help: "push the image, or correct its name in the manifest")
        if asksRegistry {
            switch try await ask(image, hosts) {
            case .success(let answer):
                if let problem = try await platformProblem(answer, of: hosts) { return .unusable(problem) }
                return .digest(answer.Descriptor.digest)
            case .failure(let why): reason = why
            }
        }
        if let local = try await resolve(image, among: hosts.map(\.reader)) { return local }
        return .unresolved(Reason(text: "\(reason.text); no host has it either", help: reason.help))
    }

    /// Why hosts cannot have an image that is named by content, in a clause; `nil`: a registry has it, for their
    /// machines, or each of them has it already.
    package func problem(of image: ImageReference, on hosts: Set<HostName>) async throws -> String? {
        let needing = hosts.sorted().compactMap { host in readers[host].map { Needing(host: host, reader: $0) } }
        switch try await ask(image, needing) {
        case .success(let answer): return try await platformProblem(answer, of: needing)?.text
        case .failure(let reason):
            let copies = try await concurrently(needing, atOnce: 8) { try await $0.reader.image(image.exact) }
            return copies.isEmpty || copies.contains(where: { $0 == nil }) ? reason.text : nil
        }
    }

    /// The first host's answer; another is asked only when a host cannot reach the registry.
    private func ask(
        _ image: ImageReference, _ hosts: [Needing]
    ) async throws -> Answer {
        let login = logins[image.repository] ?? .anonymous
        if case .unavailable(let why) = login {
            return .failure(
                Reason(
                    text: "there are no credentials for \(image.registry): \(why)", help: "mend that, and plan again"))
        }
        var reason = Reason(text: "no host was asked", help: "")
        let able = (hosts + others).filter(\.canAskRegistries)
        if able.isEmpty {
            reason = Reason(
                text: "Podman cannot ask a registry for a digest",
                help: "name the image with its digest, or pull it there")
        }
        for needing in able.prefix(Self.mostAsked) {
            do {
                return .success(
                    try await needing.reader.distribution(
                        image.digest == nil ? image.short : image.exact, auth: login.auth))
            } catch let error as EngineError {
                let failure = RegistryFailure(error)
                reason = Reason(
                    text: failure.sentence(for: image, on: "host \(needing.host)", shown: login),
                    help: failure.help(for: image))
                guard failure.kind == .unreachable else { break }
            }
        }
        return .failure(reason)
    }

    private func platformProblem(_ image: DistributionInspect, of hosts: [Needing]) async throws -> Reason? {
        let check = PlatformCheck(image)
        for needing in hosts {
            let facts = needing.reader.facts
            let problem = check.problem(
                os: facts.Os ?? "", architecture: facts.Arch ?? "", variant: try await needing.reader.variant())
            guard let problem else { continue }
            return Reason(
                text: "host \(needing.host) is \(problem)",
                help: "build the image for that platform, or place the service on other hosts")
        }
        return nil
    }

    /// All hosts: those that do not need an image may do a favour.
    private var others: [Needing] { readers.sorted { $0.key < $1.key }.map { Needing(host: $0.key, reader: $0.value) } }

    /// From the hosts' own copies: the digest under which one of them pulled it, or nothing but the copy.
    private func resolve(_ image: ImageReference, among hosts: [EngineReader]) async throws -> Resolution? {
        let copies = try await concurrently(hosts, atOnce: 8) { try await $0.image(image.short) }.compactMap(\.self)
        let digests = copies.flatMap { $0.RepoDigests ?? [] }.compactMap(ImageReference.init)
        if let digest = digests.first(where: { $0.repository == image.repository })?.digest { return .digest(digest) }
        return copies.isEmpty ? nil : .local
    }
}
