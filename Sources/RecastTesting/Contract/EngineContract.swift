package import RecastModel

/// What Recast relies on in an engine, as checks that run against a simulated one and a real one alike.
///
/// Each check makes containers, networks and volumes whose names begin with a prefix of its own, and removes them.
package struct EngineContract: Sendable {
    /// Sends a request; the path has no version prefix yet got one from the contract, and is percent-encoded.
    package typealias Exchange =
        @Sendable (_ method: String, _ path: String, _ body: [UInt8]?) async throws -> (status: Int, body: [UInt8])

    package struct Facts: Sendable {
        /// The version that every request names.
        package var api: APIVersion
        /// What `shop/base:1` and the others are called in the registry of that engine.
        package var base: String
        package var rich: String
        package var web: String
        package var task: String
        /// No container but those of a check is made of it.
        package var spare: String
        /// What every name begins with.
        package var prefix: String
        /// A port of the host that is free.
        package var port: Int
        /// A tar archive with `a/file` in it, and without an entry for `a`.
        package var archive: [UInt8]

        package init(
            api: APIVersion, archive: [UInt8], images: String = "shop/", prefix: String = "contract",
            port: Int = 18_099
        ) {
            self.api = api
            self.archive = archive
            base = images + "base:1"
            rich = images + "rich:1"
            web = images + "web:1"
            task = images + "task:1"
            spare = images + "spare:1"
            self.prefix = prefix
            self.port = port
        }

        /// Those of a simulated engine.
        package init(_ configuration: EngineConfiguration, archive: [UInt8]) {
            self.init(api: configuration.api, archive: archive)
        }
    }

    /// A sentence about engines, and what shows that it is true.
    package struct Check: Sendable, CustomStringConvertible {
        package let name: String
        let run: @Sendable (ContractSession) async throws -> Void
        package var description: String { name }

        init(_ name: String, _ run: @escaping @Sendable (ContractSession) async throws -> Void) {
            self.name = name
            self.run = run
        }
    }

    package static let checks: [Check] =
        systemChecks + imageChecks + containerChecks + lifecycleChecks + mergeChecks + hostConfigChecks
        + networkChecks + volumeChecks + archiveChecks + newerChecks + sharingChecks + execChecks + retirementChecks

    let facts: Facts
    let exchange: Exchange

    package init(_ facts: Facts, exchange: @escaping Exchange) {
        self.facts = facts
        self.exchange = exchange
    }

    /// - Throws: `ContractBreach` when the engine does otherwise.
    package func verify(_ check: Check) async throws {
        let number = Self.checks.firstIndex { $0.name == check.name } ?? 0
        let session = ContractSession(facts: facts, prefix: "\(facts.prefix)-\(number)-", exchange: exchange)
        try await session.cleanUp()
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await check.run(session)) } catch { outcome = .failure(error) }
        try await session.cleanUp()
        try outcome.get()
    }
}

/// Where an engine did otherwise than the contract says.
package struct ContractBreach: Error, CustomStringConvertible {
    package let description: String
}
