import RecastModel

/// Decides which host runs which slot of a service: a function of names alone, not of order, time or chance.
struct Placement {
    /// Keeps equal service names of different applications apart.
    let application: ApplicationName

    /// Slots 1 to `count` over the hosts, as evenly as can be.
    ///
    /// Rendezvous hashing: every pair of slot and host has a weight of its own; the heaviest pairs are taken first, and
    /// no host takes more than its share. A host that comes or goes therefore moves little more than its own share.
    func spread(_ service: ServiceName, count: Int, over hosts: [HostName]) -> [Int: HostName] {
        guard count > 0, !hosts.isEmpty else { return [:] }
        let (share, remainder) = count.quotientAndRemainder(dividingBy: hosts.count)
        var moreThanShare = remainder
        var taken: [HostName: Int] = [:]
        var chosen: [Int: HostName] = [:]
        for pair in pairs(service, count: count, hosts: hosts) where chosen[pair.slot] == nil {
            let load = taken[pair.host, default: 0]
            guard load < share || (load == share && moreThanShare > 0) else { continue }
            if load == share { moreThanShare -= 1 }
            taken[pair.host] = load + 1
            chosen[pair.slot] = pair.host
        }
        return chosen
    }

    /// The same within groups of hosts, between which the slots are spread evenly first.
    ///
    /// `group`: what a host is told apart by, the most important first; groups of groups are spread over in turn.
    func spread(
        _ service: ServiceName, count: Int, over hosts: [HostName], groupedBy group: (HostName) -> [String]
    ) -> [Int: HostName] {
        let groups = Dictionary(grouping: hosts) { group($0).first ?? "" }
        guard groups.count > 1 else {
            guard let depth = hosts.first.map({ group($0).count }), depth > 1 else {
                return spread(service, count: count, over: hosts)
            }
            return spread(service, count: count, over: hosts) { Array(group($0).dropFirst()) }
        }
        let names = groups.keys.sorted().map { HostName("\u{0}\($0)") }
        let shares = spread(service, count: count, over: names)
        var chosen: [Int: HostName] = [:]
        for (value, members) in groups {
            let slots = shares.filter { $0.value == HostName("\u{0}\(value)") }.keys.sorted()
            let inner = spread(service, count: slots.count, over: members) { Array(group($0).dropFirst()) }
            for (index, slot) in slots.enumerated() { chosen[slot] = inner[index + 1] }
        }
        return chosen
    }

    private struct Pair {
        let slot: Int
        let host: HostName
        let weight: UInt64
    }

    /// The heaviest first.
    private func pairs(_ service: ServiceName, count: Int, hosts: [HostName]) -> [Pair] {
        let seeds = hosts.map { StableHash("\(application)/\(service)/\($0)") }
        let pairs = (1...count).flatMap { slot in
            zip(hosts, seeds).map { Pair(slot: slot, host: $0, weight: $1.mixed(with: UInt64(slot))) }
        }
        return pairs.sorted {
            ($1.weight, $0.slot, $0.host) < ($0.weight, $1.slot, $1.host)
        }
    }
}

/// FNV-1a over the text, finished by SplitMix64: the same in every process and on every machine, unlike `Hasher`.
struct StableHash {
    let value: UInt64

    init(_ text: String) {
        value = text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    func mixed(with number: UInt64) -> UInt64 {
        var z = value &+ number &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
