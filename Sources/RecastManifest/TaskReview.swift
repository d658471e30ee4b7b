import RecastModel

/// Which services are tasks, and whether what is said of them and of those around them fits.
struct TaskReview {
    private(set) var services: [Service]
    private(set) var report = Report()
    private let indices: [String: Int]

    /// `services`: those that the environment's profiles start.
    init(_ services: [Service]) {
        self.services = services
        indices = Dictionary(services.indices.map { (services[$0].name.text, $0) }) { first, _ in first }
    }

    mutating func run() {
        markAwaited()
        for service in services {
            if let task = service.task { check(service, task) }
            for need in service.needs { check(need, of: service) }
        }
    }

    /// A service that another one waits for until it has completed is a task before the replacements, unless it says
    /// when it runs.
    private mutating func markAwaited() {
        for need in services.flatMap(\.needs) where need.condition == .completed {
            guard let index = indices[need.service.value], services[index].task == nil else { continue }
            services[index].task = Located(TaskPolicy(.before), at: need.service.place)
        }
    }

    // MARK: What a task cannot have

    private mutating func check(_ service: Service, _ task: Located<TaskPolicy>) {
        let note = Diagnostic.Note("'\(service.name)' is a task by what stands here", at: task.place.position)
        let asked = [
            "ready": service.gate.readiness != nil, "drain": service.drain != nil, "rehearse": service.rollout.rehearse,
            "backup": service.rollout.backup != nil, "canary": service.rollout.canary > 0,
            "max_gap": service.rollout.maxGap != nil,
            "parallelism": service.requests["parallelism"] != nil,
        ]
        for (key, isAsked) in asked.sorted(by: { $0.key < $1.key }) where isAsked {
            guard let place = service.requests[key] else { continue }
            report.error(
                .conflict, "'\(service.name)' is a task, which runs and ends, so `\(key)` means nothing", at: place,
                help: "remove `\(key)`", notes: [note])
        }
        if let place = service.requests["update_config"] {
            report.note(
                .noEffect, "`update_config` has no effect: '\(service.name)' is a task, and no task is replaced",
                at: place, notes: [note])
        }
        if let place = service.restartPlace, service.spec.restart.outlivesSuccess {
            report.error(
                .conflict, "'\(service.name)' is a task, and one that is started again and again never ends", at: place,
                help: "use `restart: \"no\"` or `on-failure`", notes: [note])
        }
    }

    // MARK: Who waits for whom

    private mutating func check(_ need: Service.Need, of service: Service) {
        guard let index = indices[need.service.value], let task = services[index].task else { return }
        let note = Diagnostic.Note("'\(need.service.value)' is a task by what stands here", at: task.place.position)
        if task.value.time == .after, service.task?.value.time != .after {
            report.error(
                .conflict,
                "'\(service.name)' waits for '\(need.service.value)', which runs after everything is replaced",
                at: need.service.place,
                help: "let it run before: `x-recast: {task: before}`, or do not wait for it", notes: [note])
        } else if need.condition == .healthy {
            report.error(
                .conflict, "'\(need.service.value)' is a task, which ends, and nothing that has ended is healthy",
                at: need.service.place, help: "wait with `condition: service_completed_successfully`", notes: [note])
        }
    }
}
