import RecastModel

/// Services in the order in which they may start: dependencies first, then by name.
///
/// Services that share something on a host, or did, stand together, in one group: their instances change together.
struct ServiceOrder {
    /// In each group, those first on which the others hang.
    let groups: [[ServiceName]]

    /// `together`: services whose instances change together on some host.
    init(_ instances: [PinnedInstance], together: [Set<ServiceName>] = []) {
        var sharing = Self.graph(instances) { $0.spec.sharing.instances.map(\.service) }
        let all = Self.graph(instances) {
            $0.instance.dependencies.map(\.service) + $0.spec.sharing.instances.map(\.service)
        }
        for services in together {
            for service in services where sharing[service] != nil { sharing[service]?.formUnion(services) }
        }
        let groupOf = Self.groups(sharing)
        var waiting: [ServiceName: Set<ServiceName>] = [:]
        for (service, needs) in all {
            guard let group = groupOf[service] else { continue }
            waiting[group, default: []].formUnion(needs.compactMap { groupOf[$0] }.filter { $0 != group })
        }
        let members = Dictionary(grouping: all.keys) { groupOf[$0] ?? $0 }
        groups = Self.sorted(waiting).map { group in
            let inside = Set(members[group] ?? [])
            return Self.sorted(all.filter { inside.contains($0.key) })
        }
    }

    private static func graph(
        _ instances: [PinnedInstance], _ needs: (PinnedInstance) -> [ServiceName]
    ) -> [ServiceName: Set<ServiceName>] {
        instances.reduce(into: [:]) { graph, instance in
            graph[instance.address.service, default: []].formUnion(needs(instance))
        }
    }

    /// The name that stands for all services that are connected.
    private static func groups(_ graph: [ServiceName: Set<ServiceName>]) -> [ServiceName: ServiceName] {
        var groupOf = Dictionary(uniqueKeysWithValues: graph.keys.map { ($0, $0) })
        for (service, owners) in graph {
            for owner in owners {
                guard let one = groupOf[service], let other = groupOf[owner], one != other else { continue }
                for (member, group) in groupOf where group == one || group == other {
                    groupOf[member] = min(one, other)
                }
            }
        }
        return groupOf
    }

    private static func sorted(_ waiting: [ServiceName: Set<ServiceName>]) -> [ServiceName] {
        var order: [ServiceName] = []
        var done: Set<ServiceName> = []
        while done.count < waiting.count {
            let ready = waiting.keys.filter { name in
                !done.contains(name)
                    && (waiting[name] ?? []).allSatisfy { done.contains($0) || waiting[$0] == nil }
            }
            // The loader refuses cycles; should one come through, names decide rather than nothing happening.
            let next = (ready.isEmpty ? waiting.keys.filter { !done.contains($0) } : ready).sorted()
            order += next
            done.formUnion(next)
        }
        return order
    }
}
