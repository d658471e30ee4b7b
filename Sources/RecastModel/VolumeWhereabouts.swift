/// Where the data of an application's volumes is, by what volumes and records on all hosts say.
package struct VolumeWhereabouts: Sendable {
    /// What a volume on a host is.
    package enum Standing: Hashable, Sendable {
        case absent
        /// Not made for this application.
        case foreign
        /// Whoever filled it ended half-way; the data is still where it came from, if it came from a host.
        case incomplete(from: HostName?)
        /// A service wrote to this copy while its move lasted, which went back: those writes are only here.
        case diverged(from: HostName)
        case current
        /// The data went to another host; what is here is of the moment when it did.
        case moved(to: HostName)
    }

    private let states: [HostName: HostState]
    private let environment: EnvironmentName
    private let application: ApplicationName

    package init(_ observed: Observed, _ environment: EnvironmentName, _ application: ApplicationName) {
        states = observed.hosts.compactMapValues(\.state)
        self.environment = environment
        self.application = application
    }

    package func volume(_ name: String, on host: HostName) -> ObservedVolume? {
        states[host]?.volumes.first { $0.name == name }
    }

    package func standing(of name: String, on host: HostName) -> Standing {
        guard let volume = volume(name, on: host), let state = states[host] else { return .absent }
        guard volume.isOwned(by: environment, application) else { return .foreign }
        if !isComplete(volume, state) {
            let peer = volume[.peer].map { HostName($0) }
            if let peer, state.hasDiverged(volume) { return .diverged(from: peer) }
            return .incomplete(from: peer)
        }
        if let target = target(of: volume, on: host, state) { return .moved(to: target) }
        return .current
    }

    /// The hosts on which the data is.
    package func owners(of name: String) -> [HostName] {
        states.keys.filter { standing(of: name, on: $0) == .current }.sorted()
    }

    /// The record on either side is enough: an engine may lose one.
    private func isComplete(_ volume: ObservedVolume, _ state: HostState) -> Bool {
        guard state.isIncomplete(volume), let copy = volume[.incoming] else { return true }
        return states.values.contains { other in
            other.records(of: volume.name).contains { $0.kind == .moved && $0.copy == copy }
        }
    }

    private func target(of volume: ObservedVolume, on host: HostName, _ state: HostState) -> HostName? {
        let record = state.records(of: volume.name).first { $0.kind == .moved && $0.token == volume.incarnation }
        if let peer = record?.peer { return peer }
        return states.keys.sorted().first { other in
            guard other != host, let state = states[other], let copy = self.volume(volume.name, on: other) else {
                return false
            }
            return copy[.origin] == volume.incarnation && copy[.peer] == host.text && isComplete(copy, state)
        }
    }
}

extension ObservedVolume {
    /// Tells it from any other that ever had its name, on whatever host.
    package var incarnation: String { self[.incoming] ?? self[.identity] ?? "unknown" }
}
