// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

/// What was seen of a promotion: kept beside the lock file, and what `promote --json` prints.
package struct EvidenceDocument: Encodable {
    struct Gate: Encodable {
        let name: String
        let passed: Bool
        let evidence: [String]
        let help: String?
    }
    struct Ran: Encodable {
        let host: String
        let instance: String
        let container: String
        let digest: String
        let health: String
        let restarts: Int
        /// Since its start, by the host's clock.
        let seconds: Int64?
    }
    struct Origin: Encodable {
        let number: Int
        let name: String
        let by: String
        let commit: String?
    }

    let format = 1
    let application: String
    let from: String
    let to: String
    let release: Origin?
    let passed: Bool
    let gates: [Gate]
    let ran: [Ran]
    /// By service and tag.
    let pins: [String: [String: String]]
    let at: String
    let by: String
    let tool: String

    /// `by` looked, at a time in ISO 8601 by the clock of their machine.
    package init(_ promotion: Promotion, at: String, by: String, tool: String) {
        application = promotion.application.text
        from = promotion.source.text
        to = promotion.target.text
        release = promotion.release.map {
            Origin(number: $0.number, name: $0.name, by: $0.origin.actor, commit: $0.origin.commit)
        }
        passed = promotion.passed
        gates = promotion.gates.map {
            Gate(name: $0.gate.rawValue, passed: $0.passed, evidence: $0.evidence, help: $0.help)
        }
        ran = promotion.witnesses.map {
            Ran(
                host: $0.host.text, instance: "\($0.address)", container: $0.container, digest: $0.digest,
                health: $0.health.rawValue, restarts: $0.restarts, seconds: $0.age)
        }
        pins = Dictionary(
            uniqueKeysWithValues: promotion.pins.map { name, pins in
                (name.text, Dictionary(uniqueKeysWithValues: pins.map { ($0.key.short, $0.value) }))
            })
        self.at = at
        self.by = by
        self.tool = tool
    }
}
