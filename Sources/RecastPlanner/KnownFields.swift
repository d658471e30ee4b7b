import RecastModel

/// What containers must look like and what they do look like, worked out once.
///
/// A service has the same definition on every host, and whoever reviews a container needs its fields as the one who notes
/// down what a plan relies on does.
final class KnownFields {
    private struct Definition: Hashable {
        let specHash: String
        let image: String?
        let product: EngineFacts.Product
        let api: APIVersion
    }

    private var expected: [Definition: Fields] = [:]
    /// Of the host that was asked for last, by the ID of the container.
    private var live: [String: Fields] = [:]
    private var host: HostName?

    /// `image`: the one that the container is to have, where the host has it.
    func expected(_ instance: PinnedInstance, image: ObservedImage?, on engine: EngineFacts) -> Fields {
        let definition = Definition(
            specHash: instance.specHash, image: image?.id, product: engine.product, api: engine.api)
        if let known = expected[definition] { return known }
        let fields = Comparison.expected(instance.spec, image: image?.configuration, on: engine)
        expected[definition] = fields
        return fields
    }

    /// What the container says by itself, without what it refers to.
    func live(_ container: ObservedContainer, in state: HostState, of host: HostName) -> Fields {
        if host != self.host { live.removeAll(keepingCapacity: true) }
        self.host = host
        if let known = live[container.id] { return known }
        let fields = Comparison.live(container, networks: state.networks, on: state.engine)
        live[container.id] = fields
        return fields
    }
}
