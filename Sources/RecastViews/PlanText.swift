package import RecastModel

/// A plan for people: only what changes, the cause before the fields.
package struct PlanText {
    private let plan: Plan
    private let style: Style
    /// When the hosts were observed, such as `12:15:24Z`.
    private let snapshot: String

    package init(_ plan: Plan, snapshot: String, style: Style = Style()) {
        self.plan = plan
        self.snapshot = snapshot
        self.style = style
    }

    package var lines: [String] {
        var lines = [heading, ""]
        lines += hostLines
        let general = plan.hazards.filter { $0.host == nil }
        if !general.isEmpty { lines += general.flatMap { hazard($0, indent: "") } + [""] }
        let accepted =
            plan.accepted.map { "Accepted: \($0.subject): \($0.detail)" }
            + plan.unusedAcceptances.map { "--accept \($0): nothing here needs that" }
        if !accepted.isEmpty { lines += accepted.map { style.paint($0, .yellow) } + [""] }
        let schemas = plan.schemas.sorted { $0.key < $1.key }.map { "Schema '\($0.key)' comes to version \($0.value)." }
        if !schemas.isEmpty { lines += schemas + [""] }
        if !plan.outdatedPins.isEmpty {
            let names = plan.outdatedPins.map(\.text).joined(separator: ", ")
            lines += ["The lock file pins \(names) for another manifest: recast lock \(plan.environment).", ""]
        }
        if let rollback = plan.rollback {
            let words =
                rollback.isFinished
                ? "Release \(rollback.number) runs, a rollback to \(rollback.restores); this plan goes on from there."
                    + " If that is not meant, revert the manifests."
                : "Release \(rollback.number), a rollback to \(rollback.restores), did not end; this plan goes the"
                    + " other way. To finish it: recast rollback \(plan.environment)"
            lines += [style.paint(words, .yellow), ""]
        }
        let rollouts = plan.rollouts.compactMap(RolloutWords.words)
        if !rollouts.isEmpty { lines += rollouts + [""] }
        return lines + ending
    }

    private var heading: String {
        let hosts = counted(plan.hosts.count, "host")
        let title = "\(plan.environment) · \(plan.application) · \(hosts)"
        return style.paint(title, .bold).padded(to: 60) + "snapshot \(snapshot)"
    }

    private var hostLines: [String] {
        let hazards = Dictionary(grouping: plan.hazards, by: \.host)
        let blocks = HostBlock.blocks(plan.hosts, apart: Set(hazards.keys.compactMap(\.self)))
            .filter { !$0.isSilent || hazards[$0.hosts[0].host] != nil }
        let width = (blocks.map(\.title.count).max() ?? 0) + 3
        return blocks.flatMap { block in
            let lines = lines(of: block, hazards[block.hosts[0].host] ?? [], titleWidth: width)
            return lines.isEmpty ? [] : lines + [""]
        }
    }

    private func lines(of block: HostBlock, _ hazards: [Hazard], titleWidth: Int) -> [String] {
        let title = style.paint(block.title.padded(to: titleWidth), .bold)
        let host = block.hosts[0]
        if let reason = host.unreachable { return [title + style.paint("unreachable: \(reason)", .red)] }
        let body =
            changeLines(block.rows) + hazards.flatMap { hazard($0, indent: "  ") } + host.notices.flatMap(notice)
        guard !body.isEmpty, let engine = host.engine else { return [] }
        return [title + "\(engine.product.rawValue) \(engine.version) (API \(engine.api))"] + body
    }

    // MARK: Changes

    private func changeLines(_ rows: [ChangeRow]) -> [String] {
        let labels = rows.map(\.label)
        let width = (labels.map(\.count).max() ?? 0) + 3
        return zip(rows.map(\.change), labels).flatMap { change, label in
            let symbol = style.paint(Self.symbol(change.action), Self.colour(change.action))
            let label = label.padded(to: width)
            let action = change.action.rawValue.padded(to: 10)
            return ["  \(symbol) \(label)\(action)\(Self.reason(for: change))"] + details(change)
        }
    }

    private func details(_ change: Change) -> [String] {
        let files = Self.changedFiles(change)
        var rows = (files == nil ? change.differences : []).map { difference in
            let isDrift = change.cause == .drift && difference.field != "name"
            return (
                FieldText.name(difference.field),
                isDrift ? FieldText.drift(difference) : FieldText.change(difference)
            )
        }
        if let replacement = change.replacement { rows.append(("order", RolloutWords.words(replacement))) }
        let width = (rows.map(\.0.count).max() ?? 0) + 3
        return rows.map { "          \($0.0.padded(to: width))\($0.1)" }
    }

    /// A replacement for nothing but files names them, one that an earlier apply began says so.
    private static func reason(for change: Change) -> String {
        if change.cause == .unfinished, change.action == .replace {
            return "resume: \(label(change.subject)) was being replaced"
        }
        return changedFiles(change) ?? words(change.cause)
    }

    private static func changedFiles(_ change: Change) -> String? {
        let words = change.differences.compactMap { difference in
            FieldText.file(difference).map { "\(FieldText.name(difference.field)) \($0)" }
        }
        guard change.cause == .configuration, !words.isEmpty, words.count == change.differences.count else {
            return nil
        }
        return words.joined(separator: ", ")
    }

    static func label(_ subject: Change.Subject) -> String {
        switch subject {
        case .instance(let address): address.description
        case .network(let name): "network \(name)"
        case .volume(let name): "volume \(name)"
        case .container(let name): "container \(name)"
        }
    }

    private static func symbol(_ action: Change.Action) -> String {
        switch action {
        case .create: " + "
        case .replace: "-/+"
        case .start, .rename: " ~ "
        case .remove: " - "
        }
    }

    private static func colour(_ action: Change.Action) -> Style.Colour {
        switch action {
        case .create: .green
        case .replace, .start, .rename: .yellow
        case .remove: .red
        }
    }

    static func words(_ cause: Cause) -> String {
        switch cause {
        case .missing: "missing"
        case .configuration: "configuration"
        case .drift: "drift (changed on the host)"
        case .stopped(let code): "drift (stopped on the host, exit code \(code))"
        case .unfinished: "unfinished (an earlier apply ended half-way)"
        case .notDesired: "not in the manifest for this host"
        case .task: "task (runs in every apply that changes something)"
        case .shared(let owner): "shares with \(owner), which changes"
        case .moved(let source): "with its data, from \(source)"
        }
    }

    // MARK: Hazards and notices

    private func hazard(_ hazard: Hazard, indent: String) -> [String] {
        let mark = style.paint("!", .red)
        let place = hazard.position.map { "\(indent)   \($0)" }
        return ["\(indent)\(mark)  \(hazard.subject): \(hazard.detail)", "\(indent)   \(hazard.help)"]
            + [place].compactMap(\.self)
    }

    private func notice(_ notice: Notice) -> [String] {
        let mark = style.paint("i", .cyan)
        switch notice {
        case .unhealthy(let address): return ["  \(mark)  \(address) runs, and is unhealthy"]
        case .hashOutdated(let address):
            return ["  \(mark)  \(address) was recorded under another hash; nothing differs, it is relabelled later"]
        case .unexpected(let address, let differences):
            return ["  \(mark)  \(address) reads otherwise than recorded; it is left as it is"]
                + differences.map { "       \(FieldText.name($0.field))   \(FieldText.change($0))" }
        case .imageUnpinned(let image):
            return ["  \(mark)  \(image.short) has no registry digest; the host's own copy is used"]
        case .copiedLabels(let name):
            return ["  \(mark)  container \(name) carries Recast's labels but is not Recast's; it is left alone"]
        case .unnamedKept(let address, let paths):
            return [
                "  \(mark)  \(address) takes over the unnamed volume of \(paths.joined(separator: " and of "))",
                "       name it under 'volumes:' to back it up or to move it",
            ]
        case .unclaimed(let volume):
            return ["  \(mark)  volume \(volume) stays with what is in it, and no service asks for it any more"]
        case .backup(let address, let volumes, let folder):
            let names = volumes.joined(separator: " and ") + (volumes.count == 1 ? " is" : " are")
            return ["  \(mark)  \(address) stops, and \(names) backed up into \(folder.printable) before it goes on"]
        case .stranded, .unfit, .migrating, .schemaUnseen: return schemaNotice(notice)
        case .unnamedLeft(let name, let volumes):
            return ["  \(mark)  the unnamed volumes of \(name) stay:"] + volumes.map { "       \($0)" }
        }
    }

    private func schemaNotice(_ notice: Notice) -> [String] {
        let mark = style.paint("i", .cyan)
        switch notice {
        case .stranded(let what):
            return [
                "  \(mark)  \(what.service) runs a build that works with \(SchemaPolicy.text(what.works)) of schema"
                    + " '\(what.schema)', which will be at \(what.version):",
                "       when something fails, only that goes back, and what was replaced before it stays",
            ]
        case .unfit(let what):
            return [
                "  \(mark)  \(what.service) works with \(SchemaPolicy.text(what.works)) of schema '\(what.schema)', which a"
                    + " release brought to \(what.version)"
            ]
        case .migrating(let address, let schema):
            return [
                "  \(mark)  \(address) runs, and may be bringing schema '\(schema.name)' to"
                    + " \(schema.head.map(String.init) ?? "another version"):",
                "       this stops it half-way; wait until it has ended",
            ]
        case .schemaUnseen(let name, let hosts):
            let others = hosts == 1 ? "1 host" : "\(hosts) hosts"
            return ["  \(mark)  what \(others) left out of this plan recorded of schema '\(name)' is not known"]
        default: return []
        }
    }

    // MARK: Ending

    private var ending: [String] {
        var lines = [summary]
        if !plan.unreachable.isEmpty {
            let hosts = plan.unreachable.map(\.text).joined(separator: ", ")
            lines.append(style.paint("Not applicable: \(hosts) did not answer, so the plan is incomplete.", .red))
        }
        if !plan.hazards.isEmpty {
            let count = plan.hazards.count == 1 ? "1 hazard stops" : "\(plan.hazards.count) hazards stop"
            lines.append(style.paint("Not applicable: \(count) this plan.", .red))
        }
        return lines + [WayBackText.line(plan.hosts)].compactMap(\.self)
    }

    private var summary: String {
        let unchanged = plan.hosts.reduce(0) { $0 + $1.unchanged }
        guard !plan.isEmpty else {
            let what = unchanged == 1 ? "1 instance is" : "\(unchanged) instances are"
            if plan.isApplicable { return "No changes: \(what) as desired." }
            return unchanged == 0 ? "No changes found." : "No changes found: \(what) as desired."
        }
        let counts = Dictionary(grouping: plan.changes, by: \.action).mapValues(\.count)
        let parts = Change.Action.allCases.compactMap { action in
            counts[action].map { "\($0) to \(action.rawValue)" }
        }
        return (parts + ["\(unchanged) unchanged"]).joined(separator: ", ") + "."
    }
}
