import RecastModel
import RecastYAML

/// `deploy.update_config`, and what `x-recast` adds to it.
extension ServiceReader {
    mutating func readRollout() {
        let own = root["x-recast"]
        for entry in own?.entries ?? [] { service.requests[entry.key] = entry.keyPlace }
        service.rollout.position = service.place.position
        readUpdate(root.at("deploy", "update_config"))
        if let field = own?["parallelism"] { readParallelism(field) }
        service.rollout.canary = report.integer(own?["canary"], in: 0...Int64.max).map { Int($0) } ?? 0
        service.rollout.maxGap = report.duration(own?["max_gap"]).map { .nanoseconds($0) }
        service.rollout.rehearse = report.bool(own?["rehearse"]) ?? false
        if service.rollout.rehearse { checkRehearsal() }
        readBackup(own?["backup"])
    }

    /// `backup: before-replace`, or a mapping.
    private mutating func readBackup(_ field: Field?) {
        guard let field else { return }
        let isMapping = field.node.entries != nil
        guard report.choice(isMapping ? field["when"] : field, ["before-replace"]) != nil else { return }
        let folder = isMapping ? field["folder"].flatMap { report.text($0.node) } : nil
        var policy = BackupPolicy(folder: FilePath.resolve(folder ?? "backups", in: context.directory))
        let keep = isMapping ? report.integer(field["keep"], in: 1...Int64(Int32.max)) : nil
        policy.keep = keep.map { Int($0) } ?? policy.keep
        service.rollout.backup = policy
    }

    private mutating func readUpdate(_ update: Field?) {
        guard let update else { return }
        service.requests[update.key] = update.keyPlace
        if let monitor = report.duration(update["monitor"]) {
            service.rollout.monitor = .nanoseconds(monitor)
            service.gate = GatePolicy(monitor: .nanoseconds(monitor))
        }
        if let count = report.integer(update["parallelism"], in: 0...Int64.max) {
            service.rollout.parallelism = .count(Int(count))
        }
        if let delay = report.duration(update["delay"]) { service.rollout.delay = .nanoseconds(delay) }
        if let ratio = report.ratio(update["max_failure_ratio"]) { service.rollout.maxFailureRatio = ratio }
        let actions = RolloutPolicy.FailureAction.allCases.map(\.rawValue)
        if let action = report.choice(update["failure_action"], actions).flatMap(RolloutPolicy.FailureAction.init) {
            service.rollout.failureAction = action
        }
        let orders = [RolloutPolicy.Order.startFirst, .stopFirst].map(\.rawValue)
        if let field = update["order"], let order = report.choice(field, orders).flatMap(RolloutPolicy.Order.init) {
            service.rollout.order = order
            service.rollout.position = field.place.position
        }
    }

    private mutating func readParallelism(_ field: Field) {
        if let other = root.at("deploy", "update_config", "parallelism") {
            report.note(.noEffect, "`x-recast: {parallelism: …}` wins over update_config", at: other.keyPlace)
        }
        guard let text = field.node.formattedText else { return }
        let parallelism = report.parsed(field.node, prefix: "\(field.path): ") { () throws(GrammarError) in
            try ParallelismSyntax.parse(text)
        }
        if let parallelism { service.rollout.parallelism = parallelism }
    }

    /// A successor can run beside the old one only in namespaces of its own.
    private mutating func checkRehearsal() {
        guard let place = service.requests["rehearse"] else { return }
        if service.rollout.order == .startFirst, let position = service.rollout.position {
            report.note(
                .noEffect, "nothing is rehearsed where the successor starts first anyway", at: place,
                notes: [.init("start-first is asked for here", at: position)])
        }
        let shared = ["network_mode", "pid", "ipc"].compactMap { root[$0] }.filter { owner($0) != nil }
        if let field = shared.first ?? root["volumes_from"].flatMap({ $0.items.isEmpty ? nil : $0 }) {
            report.error(
                .conflict, "'\(service.name)' shares `\(field.key)` with another container, so it cannot be rehearsed",
                at: place, help: "remove `rehearse`, or what is shared",
                notes: [.init("it is shared here", at: field.keyPlace.position)])
        } else if let field = root["network_mode"], field.node.string == "host" {
            report.error(
                .conflict, "'\(service.name)' has the network of its host, where a rehearsal would want the same ports",
                at: place, help: "remove `rehearse`, or publish `ports` in a network of its own",
                notes: [.init("the network is chosen here", at: field.keyPlace.position)])
        }
    }

    /// `task: before`, or a mapping.
    mutating func readTask() {
        guard let field = root.at("x-recast", "task") else { return }
        let isMapping = field.node.entries != nil
        guard let time = report.choice(isMapping ? field["when"] : field, ["before", "after"]).flatMap(TaskTime.init)
        else { return }
        var task = TaskPolicy(time)
        if isMapping, let timeout = positiveDuration(field["timeout"]) { task.timeout = timeout }
        service.task = Located(task, at: field.keyPlace)
    }
}
