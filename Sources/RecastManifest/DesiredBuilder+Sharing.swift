import RecastModel

extension DesiredBuilder {
    /// Puts the instances on the same host in place of the services with which others share something.
    mutating func share(_ services: [Service]) {
        let byName = Dictionary(services.map { ($0.name, $0) }) { first, _ in first }
        for index in instances.indices {
            let instance = instances[index]
            guard let service = byName[instance.address.service] else { continue }
            let here = slots[instance.host] ?? [:]
            for other in service.sharing.services
            where here[other.value] == nil && byName[ServiceName(other.value)] != nil {
                report.error(
                    .conflict,
                    "'\(service.name)' shares something with '\(other.value)', which does not run on host '\(instance.host)'",
                    at: other.place, help: "give both the same placement constraints")
            }
            instances[index].spec.sharing = service.sharing.resolved { name in
                guard let slots = here[name] else { return nil }
                let slot = slots.contains(instance.address.slot) ? instance.address.slot : slots.min()
                return slot.map { InstanceAddress(ServiceName(name), slot: $0) }
            }
        }
    }

    /// Warns of services that need others which no network of theirs reaches: one of an engine ends at its host.
    mutating func warnOfDistance(_ services: [Service]) {
        let hosts = Dictionary(grouping: instances, by: \.address.service).mapValues { Set($0.map(\.host)) }
        let byName = Dictionary(services.map { ($0.name.text, $0) }) { first, _ in first }
        for service in services {
            for need in service.needs where need.condition != .completed {
                guard let other = byName[need.service.value], !share(aNetworkOfManyHosts: service, other) else {
                    continue
                }
                let there = hosts[other.name] ?? []
                let away = (hosts[service.name] ?? []).subtracting(there).min()
                guard let away, let nearest = there.min() else { continue }
                report.warn(
                    .distantService,
                    "'\(service.name)' on host '\(away)' cannot reach '\(other.name)' on host '\(nearest)' by its name: "
                        + "a network ends at its host", at: need.service.place,
                    help: "publish a port, use an overlay network, or keep both on one host")
            }
        }
    }

    private func share(aNetworkOfManyHosts first: Service, _ second: Service) -> Bool {
        Set(first.networks).intersection(second.networks).contains { key in
            resources.networks[key].map { $0.external || $0.driver == "overlay" } ?? false
        }
    }
}
