import RecastModel

/// What the instances of a plan could go back to.
enum WayBackText {
    /// One sentence; `nil` when the plan says nothing of it.
    static func line(_ hosts: [HostPlan]) -> String? {
        var counts: [ServiceName: (all: Int, ready: Int)] = [:]
        for (address, way) in hosts.flatMap(\.waysBack) {
            counts[address.service, default: (0, 0)].all += 1
            if way != .none { counts[address.service, default: (0, 0)].ready += 1 }
        }
        guard !counts.isEmpty else { return nil }
        if counts.values.allSatisfy({ $0.ready == $0.all }) { return "Way back: every instance keeps its predecessor." }
        if counts.values.allSatisfy({ $0.ready == 0 }) { return "Way back: no instance has a predecessor." }
        let services = counts.sorted { $0.key < $1.key }.map { service, count in
            switch count.ready {
            case 0: "\(service) has none"
            case count.all: "\(service) has one" + (count.all > 1 ? " on every instance" : "")
            default: "\(service) has one on \(count.ready) of \(count.all) instances"
            }
        }
        return "Way back: " + services.joined(separator: "; ") + "."
    }
}
