import RecastModel

/// Services in the order in which they may start: dependencies first, then by name.
enum ServiceOrder {
    static func sorted(_ instances: [PinnedInstance]) -> [ServiceName] {
        var waiting: [ServiceName: Set<ServiceName>] = [:]
        for instance in instances {
            waiting[instance.address.service, default: []]
                .formUnion(
                    instance.instance.dependencies.map(\.service) + instance.spec.sharing.instances.map(\.service))
        }
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
