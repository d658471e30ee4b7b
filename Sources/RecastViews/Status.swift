// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What runs where, one row for each container of the environment.
package struct Status {
    struct Row {
        let host: String
        let instance: String
        let image: String
        let digest: String
        let state: String
        let health: String
        let exitCode: Int
        let restarts: Int
        let startedAt: String
        let age: Duration?
        /// Nothing, or what the plan would do with it.
        let mark: String
        let container: String
    }

    struct Host {
        let name: String
        let engine: String
        let unreachable: String?
        let rows: [Row]
    }

    let environment: String
    let application: String
    let hosts: [Host]

    package init(_ plan: Plan, _ observed: Observed) {
        let now = Date.now
        environment = plan.environment.text
        application = plan.application.text
        hosts = plan.hosts.map { host in
            guard let state = observed.hosts[host.host]?.state, let engine = host.engine else {
                return Host(name: host.host.text, engine: "", unreachable: host.unreachable ?? "no answer", rows: [])
            }
            let marks = Dictionary(
                host.changes.map { (PlanText.label($0.subject), $0) }, uniquingKeysWith: { first, _ in first })
            let present = state.containers.map {
                Row($0, on: host.host, change: marks[$0.identity.address.description], now)
            }
            let seen = Set(present.map(\.instance))
            let missing = host.changes.filter { $0.action == .create }.compactMap { change -> Row? in
                guard case .instance(let address) = change.subject, !seen.contains(address.description) else {
                    return nil
                }
                return Row(missing: address, on: host.host)
            }
            return Host(
                name: host.host.text, engine: "\(engine.product.rawValue) \(engine.version)", unreachable: nil,
                rows: (present + missing).sorted { ($0.instance, $0.container) < ($1.instance, $1.container) })
        }
    }

    package var lines: [String] {
        var lines = ["\(environment) · \(application)", ""]
        for host in hosts {
            if let reason = host.unreachable {
                lines += ["\(host.name)   unreachable: \(reason)", ""]
                continue
            }
            lines.append("\(host.name)   \(host.engine)")
            lines += table(host.rows.map(\.cells)) + [""]
        }
        return lines.dropLast()
    }

    private func table(_ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return ["  nothing of this application"] }
        return TextTable.lines([["INSTANCE", "IMAGE", "STATE", "HEALTH", "AGE", ""]] + rows, indent: "  ")
    }
}

extension Status.Row {
    init(_ container: ObservedContainer, on host: HostName, change: Change?, _ now: Date) {
        self.host = host.text
        instance = container.identity.address.description
        image = container.identity.image
        digest = container.identity.imageDigest
        state = container.state.rawValue
        health = container.health.rawValue
        exitCode = container.exitCode
        restarts = container.restartCount
        startedAt = container.startedAt
        let isUp = [.running, .paused, .restarting].contains(container.state)
        age = Self.age(since: isUp ? container.startedAt : container.finishedAt, now)
        let words = change.map { "\($0.action.rawValue): \(PlanText.words($0.cause))" } ?? ""
        mark = !isUp && InstanceName.isRetained(container.name) ? "kept as predecessor" : words
        self.container = container.name
    }

    init(missing address: InstanceAddress, on host: HostName) {
        self.host = host.text
        instance = address.description
        (image, digest, state, health, exitCode, restarts, startedAt) = ("", "", "missing", "", 0, 0, "")
        (age, mark, container) = (nil, "create: missing", "")
    }

    var cells: [String] {
        let stateText = state == "exited" ? "exited (\(exitCode))" : state
        let restartText = restarts > 0 ? "\(stateText), \(restarts) restarts" : stateText
        let imageText = digest.isEmpty ? image : "\(image) \(FieldText.shortDigest(digest))"
        return [
            instance, imageText, restartText, health == "none" ? "-" : health, age.map(Self.short) ?? "-", mark,
        ]
    }

    /// By the host's clock against ours; a clock that is ahead counts as no age.
    private static func age(since text: String, _ now: Date) -> Duration? {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        // The engine writes nanoseconds; whole seconds are enough here.
        let seconds = text.prefix(19)
        guard seconds.count == 19, let date = try? format.parse("\(seconds)Z") else { return nil }
        return .seconds(max(now.timeIntervalSince(date), 0))
    }

    private static func short(_ age: Duration) -> String {
        let seconds = age.components.seconds
        switch seconds {
        case ..<60: return "\(seconds) s"
        case ..<3600: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86400) d"
        }
    }
}

/// The same for machines.
package struct StatusDocument: Encodable {
    struct Instance: Encodable {
        let host: String
        let instance: String
        let container: String
        let image: String
        let image_digest: String
        let state: String
        let health: String
        let exit_code: Int
        let restarts: Int
        let started_at: String
        let pending: String
    }

    let format = 1
    let environment: String
    let application: String
    let unreachable: [String: String]
    let instances: [Instance]
    /// Where they were asked for.
    package var volumes: [VolumeDocument.Row]?

    package init(_ status: Status) {
        environment = status.environment
        application = status.application
        unreachable = status.hosts.reduce(into: [:]) { $0[$1.name] = $1.unreachable }
        instances = status.hosts.flatMap(\.rows).map { row in
            Instance(
                host: row.host, instance: row.instance, container: row.container, image: row.image,
                image_digest: row.digest, state: row.state, health: row.health, exit_code: row.exitCode,
                restarts: row.restarts, started_at: row.startedAt, pending: row.mark)
        }
    }
}
