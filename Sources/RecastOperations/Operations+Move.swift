package import RecastModel
package import RecastPlanner

extension Operations {
    /// Why a service is not moved.
    package enum MoveRefusal: Error, Hashable, Sendable {
        /// The manifest places it elsewhere.
        case placedElsewhere(ServiceName, on: [HostName])
        case severalInstances(ServiceName)
        /// It has no volume of its own.
        case stateless(ServiceName)
    }

    /// What a move of a service takes along: it, and all that share a volume with it.
    ///
    /// - Throws: `MoveRefusal`.
    package static func moveScope(
        of service: ServiceName, to host: HostName, in desired: Desired
    ) throws(MoveRefusal) -> Planner.Scope {
        let hosts = desired.instances.filter { $0.address.service == service }.map(\.host)
        guard hosts.count <= 1 else { throw .severalInstances(service) }
        guard hosts == [host] else { throw .placedElsewhere(service, on: hosts) }
        var services: Set<ServiceName> = [service]
        var before = 0
        while services.count != before {
            before = services.count
            for volume in desired.volumes where !services.isDisjoint(with: volume.services) && !volume.external {
                services.formUnion(volume.services)
            }
        }
        guard desired.volumes.contains(where: { $0.services.contains(service) && !$0.external }) else {
            throw .stateless(service)
        }
        var scope = Planner.Scope(services: services)
        scope.moves = services
        return scope
    }
}
