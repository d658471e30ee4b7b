import RecastModel
import RecastPlanner

/// What is kept for a way back and has become too much: everything it names is Recast's own.
enum Pruning {
    /// How many images without a tag stay, of each repository.
    static let imagesKept = 5

    /// The steps that remove it; a host that did not answer has none.
    static func plan(_ desired: Desired, over observed: Observed, scope: Planner.Scope) -> Plan {
        var plan = Plan(environment: desired.environment, application: desired.application)
        for host in desired.hosts.map(\.name) where scope.contains(host) {
            switch observed.hosts[host] {
            case .reached(let state):
                let surplus = surplus(state.containers.filter { scope.contains($0.identity.address.service) })
                plan.hosts.append(HostPlan(host: host, engine: state.engine))
                let removed = surplus.map { container in
                    let handle = ContainerHandle.id(container.id, name: container.name)
                    return add(.remove(container: handle), on: host, of: container.identity.address, to: &plan)
                }
                for volume in volumes(of: surplus, among: state.containers) {
                    add(.removeFileVolume(name: volume), on: host, after: removed, to: &plan)
                }
                for repository in repositories(desired, on: host, scope) {
                    add(.pruneImages(repository: repository, keep: imagesKept), on: host, to: &plan)
                }
            case .unreachable(let reason):
                plan.hosts.append(HostPlan(host: host, engine: nil, unreachable: reason))
            case nil:
                plan.hosts.append(HostPlan(host: host, engine: nil, unreachable: "it was not observed"))
            }
        }
        return plan
    }

    @discardableResult
    private static func add(
        _ action: Action, on host: HostName, of instance: InstanceAddress? = nil, after: [Int] = [],
        to plan: inout Plan
    ) -> Int {
        let id = plan.steps.count + 1
        plan.steps.append(
            Step(id: id, host: host, action: action, phase: .prune, after: after, instance: instance))
        return id
    }

    /// The volumes with files that no other container needs.
    private static func volumes(of surplus: [ObservedContainer], among all: [ObservedContainer]) -> [String] {
        let ids = Set(surplus.map(\.id))
        let needed = Set(all.filter { !ids.contains($0.id) }.compactMap(\.spec.fileRecord.volume))
        return Set(surplus.compactMap(\.spec.fileRecord.volume)).subtracting(needed).sorted()
    }

    /// The stopped predecessors of each slot but the one that stopped last.
    private static func surplus(_ containers: [ObservedContainer]) -> [ObservedContainer] {
        let retained = containers.filter { $0.isAtRest && InstanceName.isRetained($0.name) }
        return Dictionary(grouping: retained, by: \.identity.address).sorted { $0.key < $1.key }
            .flatMap { $1.sorted { $0.age < $1.age }.dropLast() }
    }

    private static func repositories(_ desired: Desired, on host: HostName, _ scope: Planner.Scope) -> [String] {
        let instances = desired.instances.filter { $0.host == host && scope.contains($0.address.service) }
        return Set(instances.flatMap(\.spec.images).map(\.repository)).sorted()
    }
}

extension ObservedContainer {
    /// It neither runs nor is about to.
    fileprivate var isAtRest: Bool {
        switch state {
        case .created, .exited, .dead: true
        case .running, .paused, .restarting, .removing: false
        }
    }

    /// In the order in which they stopped.
    fileprivate var age: (String, String, String) { (finishedAt, createdAt, id) }
}
