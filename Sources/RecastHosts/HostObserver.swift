package import DockerAPI
package import RecastModel

/// Reads one host.
///
/// It holds a reader and nothing else, so it cannot change anything.
package struct HostObserver: Sendable {
    let reader: EngineReader
    private let pool: SpecPool

    /// How many requests the host gets at once.
    private let requestsAtOnce: Int

    /// `pool`: of all hosts that are looked at together.
    ///
    /// `among`: how many hosts these are.
    package init(_ reader: EngineReader, pool: SpecPool = SpecPool(), among hosts: Int = 1) {
        self.reader = reader
        self.pool = pool
        requestsAtOnce = Self.requestsAtOnce(among: hosts)
    }

    /// More than eight only queue inside the daemon.
    ///
    /// Where there are many hosts, all of them together are busy with two requests each, and every connection costs this
    /// process some 40 KiB.
    private static func requestsAtOnce(among hosts: Int) -> Int { min(max(512 / hosts, 2), 8) }

    /// One snapshot: containers of the application in full, the names of all others, networks and volumes.
    package func state(environment: EnvironmentName, application: ApplicationName) async throws -> HostState {
        async let networks = reader.networks()
        async let volumes = reader.volumes()
        let owner = InstanceLabels.ofResource(environment: environment, application: application)
        let summaries = try await reader.containers()
        let ours = summaries.filter { summary in owner.isContained(in: summary.Labels ?? [:]) }
        var state = HostState(engine: EngineFacts(reader))
        state.containers = try await inspect(ours.map(\.Id)).sorted { $0.id < $1.id }
        let known = Set(state.containers.map(\.id))
        for summary in summaries where !known.contains(summary.Id) {
            for name in summary.Names ?? [] { state.foreignContainers[String(name.drop { $0 == "/" })] = summary.Id }
            guard summary.isUp else { continue }
            for mount in summary.Mounts ?? [] where mount.Type == "volume" && mount.RW != false {
                let name = (summary.Names?.first).map { String($0.drop { $0 == "/" }) } ?? summary.Id
                if let volume = mount.Name { state.foreignWriters[volume, default: []].append(name) }
            }
        }
        state.foreignWriters = state.foreignWriters.mapValues { $0.sorted() }
        state.networks = try await networks.map(ObservedNetwork.init).sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let leases = LeaseLog.prefix(environment, application)
        state.leaseTop = try await volumes.compactMap { HostLog.number(of: $0.Name, leases) }.max() ?? 0
        let releases = ReleaseRecord.prefix(environment, application)
        state.latestRelease =
            try await volumes.compactMap {
                $0.Name.hasPrefix(releases) ? ReleaseRecord(labels: $0.Labels ?? [:]) : nil
            }.max { ($0.number, $0.name, $0.outcome == nil ? 0 : 1) < ($1.number, $1.name, $1.outcome == nil ? 0 : 1) }
        state.volumes = try await volumes.map(ObservedVolume.init).sorted { $0.name < $1.name }
            .labelled(by: environment, application, tellsCreation: state.engine.tellsCreation).filter {
                !$0.name.hasPrefix(LeaseLog.reserved)
            }
        return state
    }

    /// A container that goes away between list and inspect is left out.
    private func inspect(_ ids: [String]) async throws -> [ObservedContainer] {
        try await concurrently(ids, atOnce: requestsAtOnce) { id in
            do {
                return try await ObservedContainer(reader.container(id)).map(pool.sharing)
            } catch let error as EngineError where error.isNotFound {
                return nil
            }
        }.compactMap(\.self)
    }

    /// Adds what is asked for only where a definition depends on it: the daemon starts programs to answer.
    package func addMachine(to engine: inout EngineFacts) async throws {
        let info = try await reader.systemInfo()
        engine.processors = info.NCPU
        engine.hasUnifiedCgroups = info.CgroupVersion.map { $0 == "2" }
    }

    /// Looks up images by reference or ID; those that the host does not have are missing from the answer.
    package func images(_ references: Set<String>) async throws -> [String: ObservedImage] {
        let found = try await concurrently(references.sorted(), atOnce: requestsAtOnce) { reference in
            try await reader.image(reference).map { (reference, ObservedImage($0)) }
        }
        return Dictionary(uniqueKeysWithValues: found.compactMap(\.self))
    }
}

extension EngineFacts {
    /// Docker 20.10 tells the time of the last change in a volume's folder instead; 26.1 and 28.5 do not.
    fileprivate var tellsCreation: Bool {
        product != .docker || (version.split(separator: ".").first.flatMap { Int($0) } ?? 0) >= 26
    }
}
