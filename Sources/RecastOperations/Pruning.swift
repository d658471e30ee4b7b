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
                for container in surplus {
                    let handle = ContainerHandle.id(container.id, name: container.name)
                    add(.remove(container: handle), on: host, of: container.identity.address, to: &plan)
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

    private static func add(
        _ action: Action, on host: HostName, of instance: InstanceAddress? = nil, to plan: inout Plan
    ) {
        plan.steps.append(
            Step(id: plan.steps.count + 1, host: host, action: action, phase: .prune, instance: instance))
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
