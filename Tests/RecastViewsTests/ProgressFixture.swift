import RecastModel

/// A plan of one service on two hosts whose instances only wait for their gates, for views of an apply.
struct ProgressFixture {
    var plan = Plan(environment: "prod", application: "shop")

    /// `batches`: slots of `web`, those that are even on `h2`.
    init(batches: [[Int]], _ change: (inout RolloutPolicy) -> Void = { _ in }) {
        var policy = RolloutPolicy()
        change(&policy)
        let places = batches.map { $0.map(Self.place) }
        plan.hosts = [
            HostPlan(host: "h1", engine: nil, unchanged: 3), HostPlan(host: "h2", engine: nil),
        ]
        plan.rollouts = [
            Rollout(service: "web", policy: policy, instances: batches.joined().count, batches: places)
        ]
        plan.steps = places.joined().flatMap { place -> [Step] in
            let slot = place.address.slot
            let handle = ContainerHandle.name("\(place.address)")
            return [
                Step(
                    id: slot * 10, host: place.host, action: .start(container: handle), phase: .containers,
                    instance: place.address),
                Step(
                    id: slot * 10 + 1, host: place.host, action: .await(container: handle, .ready(GatePolicy())),
                    phase: .containers, instance: place.address),
                Step(
                    id: slot * 10 + 2, host: place.host, action: .remove(container: handle), phase: .cleanUp,
                    instance: place.address),
            ]
        }
    }

    static func place(_ slot: Int) -> InstancePlace {
        InstancePlace(slot.isMultiple(of: 2) ? "h2" : "h1", InstanceAddress("web", slot: slot))
    }

    func start(_ slot: Int) -> Step { step(slot * 10) }
    func gate(_ slot: Int) -> Step { step(slot * 10 + 1) }
    func removal(_ slot: Int) -> Step { step(slot * 10 + 2) }

    private func step(_ id: Int) -> Step {
        guard let step = plan.steps.first(where: { $0.id == id }) else { fatalError("no step \(id)") }
        return step
    }
}
