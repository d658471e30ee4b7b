import RecastModel
import Testing

@testable import RecastManifest

/// SplitMix64.
private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

@Suite struct PlacementTests {
    private struct Scenario {
        let service: ServiceName
        let count: Int
        let hosts: [HostName]
        let newcomer: HostName

        init(seed: UInt64) {
            var random = Seeded(state: seed)
            service = ServiceName("service-\(seed)")
            count = Int.random(in: 1...24, using: &random)
            hosts = (1...Int.random(in: 1...9, using: &random)).map { HostName("host-\($0)-\(seed)") }
            newcomer = HostName("new-\(seed)")
        }
    }

    private let placement = Placement(application: "shop")

    private func spread(_ scenario: Scenario, over hosts: [HostName]) -> [Int: HostName] {
        placement.spread(scenario.service, count: scenario.count, over: hosts)
    }

    @Test func `every slot has a host and no host has two more than another`() async {
        for seed in UInt64(0)..<400 {
            await Task.yield()
            let scenario = Scenario(seed: seed)
            let chosen = spread(scenario, over: scenario.hosts)
            let loads = scenario.hosts.map { host in chosen.values.count { $0 == host } }
            #expect(chosen.keys.sorted() == Array(1...scenario.count), "seed \(seed)")
            #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 1, "seed \(seed)")
        }
    }

    @Test func `the order of the hosts does not matter`() async {
        for seed in UInt64(0)..<200 {
            await Task.yield()
            let scenario = Scenario(seed: seed)
            var random = Seeded(state: seed)
            let shuffled = scenario.hosts.shuffled(using: &random)
            #expect(spread(scenario, over: shuffled) == spread(scenario, over: scenario.hosts), "seed \(seed)")
        }
    }

    @Test func `a new host moves little more than its share`() async {
        var moved = 0
        var least = 0.0
        for seed in UInt64(0)..<400 {
            await Task.yield()
            let scenario = Scenario(seed: seed)
            let before = spread(scenario, over: scenario.hosts)
            let after = spread(scenario, over: scenario.hosts + [scenario.newcomer])
            moved += before.count { after[$0.key] != $0.value }
            least += Double(scenario.count) / Double(scenario.hosts.count + 1)
        }
        #expect(Double(moved) < least * 1.5, "moved \(moved), at least \(least)")
    }

    @Test func `a host that goes takes little more with it than it had`() async {
        var moved = 0
        var least = 0
        for seed in UInt64(0)..<400 {
            await Task.yield()
            let scenario = Scenario(seed: seed)
            let all = spread(scenario, over: scenario.hosts + [scenario.newcomer])
            let rest = spread(scenario, over: scenario.hosts)
            moved += all.count { rest[$0.key] != $0.value }
            least += all.values.count { $0 == scenario.newcomer }
        }
        #expect(Double(moved) < Double(least) * 1.6, "moved \(moved), at least \(least)")
    }

    @Test func `more replicas leave the slots that are there mostly in place`() async {
        var moved = 0
        var slots = 0
        for seed in UInt64(0)..<400 {
            await Task.yield()
            let scenario = Scenario(seed: seed)
            let before = spread(scenario, over: scenario.hosts)
            let after = placement.spread(scenario.service, count: scenario.count + 1, over: scenario.hosts)
            moved += before.count { after[$0.key] != $0.value }
            slots += before.count
        }
        #expect(moved * 4 < slots, "moved \(moved) of \(slots)")
    }

    @Test func `single replicas of many services are spread over the hosts`() {
        let hosts: [HostName] = ["a", "b", "c", "d"]
        let chosen = (0..<400).compactMap {
            placement.spread(ServiceName("service-\($0)"), count: 1, over: hosts)[1]
        }
        for host in hosts {
            let load = chosen.count { $0 == host }
            #expect((60...140).contains(load), "\(host) has \(load)")
        }
    }

    @Test func `the choice is the same on every machine and for ever`() {
        let chosen = placement.spread("web", count: 6, over: ["web-1", "web-2", "web-3"])
        #expect((1...6).map { chosen[$0]?.text } == ["web-1", "web-3", "web-1", "web-2", "web-3", "web-2"])
    }

    @Test func `no hosts or no replicas is no placement`() {
        #expect(placement.spread("web", count: 3, over: []).isEmpty)
        #expect(placement.spread("web", count: 0, over: ["a"]).isEmpty)
    }
}
