import RecastModel

/// Which services ask to be replaced in an order that they cannot have.
struct OrderCheck {
    private(set) var report = Report()

    /// A first plan, which replaces nothing, would say nothing of it.
    mutating func review(_ service: Service, _ resources: Resources) {
        reviewBackup(service, resources)
        guard service.rollout.order == .startFirst, let place = service.requests["update_config"] else { return }
        let ports = PortCheck.fixed(service.ports).map { "port \($0.value.hostPort)" }
        let volumes = service.written.map(\.value).filter { !(resources.volumes[$0]?.isShared ?? false) }
            .map { "volume '\($0)'" }
        guard let held = (ports + volumes).first else { return }
        report.warn(
            .conflict,
            "'order: start-first' needs two containers of '\(service.name)' at once, and only one can hold \(held)",
            at: place, help: "leave `order` out or say `stop-first`; a plan that replaces it is refused")
    }

    private mutating func reviewBackup(_ service: Service, _ resources: Resources) {
        let own = service.written.map(\.value).filter { !(resources.volumes[$0]?.isShared ?? false) }
        guard service.rollout.backup != nil, own.isEmpty, let place = service.requests["backup"] else { return }
        report.error(
            .conflict, "'\(service.name)' has no named volume of its own that could be backed up", at: place,
            help: "remove `backup`, or give the service a volume under `volumes`")
    }
}
