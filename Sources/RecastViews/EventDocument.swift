// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

/// An event of an apply as one line of NDJSON; `docs/reference/events.md` describes it.
package struct EventDocument: Encodable {
    var type: String
    var step: Int?
    var host: String?
    var instance: String?
    var action: String?
    var target: String?
    var seconds: Double?
    var received_bytes: Int64?
    var total_bytes: Int64?
    var message: String?
    var output: String?
    /// Pairs of host and instance.
    var instances: [[String]]?
    /// Host, instance and what became of it.
    var fates: [[String]]?
    var waits_for: String?
    var details: [String: [String]]?
    var step_count: Int?
    var outcome: String?
    var format: Int?

    package init(_ event: Event) {
        switch event {
        case .began(let count):
            self.init(type: "began")
            (format, step_count) = (1, count)
        case .started(let step): self.init(type: "started", step)
        case .progressed(let step, let progress):
            self.init(type: "progressed", step)
            tell(progress)
        case .succeeded(let step, let duration):
            self.init(type: "succeeded", step)
            seconds = duration / .seconds(1)
        case .failed(let step, let failure): self.init(type: "failed", step, failure: failure)
        case .skipped(let step): self.init(type: "skipped", step)
        case .undoing(let step, let action): self.init(type: "undoing", step, undo: action)
        case .undone(let step, let action): self.init(type: "undone", step, undo: action)
        case .undoFailed(let step, let action, let failure):
            self.init(type: "undo-failed", step, undo: action, failure: failure)
        case .warned(let step, let failure): self.init(type: "warned", step, failure: failure)
        case .gap(let place, let gap):
            self.init(type: "gap")
            (host, instance, seconds) = (place.host.text, place.address.description, gap / .seconds(1))
        case .reverting(let places):
            self.init(type: "reverting")
            instances = places.map { [$0.host.text, $0.address.description] }
        case .settled(let fates):
            self.init(type: "settled")
            self.fates = fates.sorted { $0.key < $1.key }.map {
                [$0.key.host.text, $0.key.address.description, $0.value.rawValue]
            }
        case .interrupted: self.init(type: "interrupted")
        case .ended(let outcome):
            self.init(type: "ended")
            self.outcome = outcome.rawValue
        }
    }

    private mutating func tell(_ progress: StepProgress) {
        switch progress {
        case .pull(let pull): (received_bytes, total_bytes) = (pull.received, pull.total)
        case .output(let line): output = line
        case .waiting(let what): waits_for = what
        case .copied(let count): received_bytes = count
        case .unchecked, .comparing: break
        }
    }

    private init(type: String, _ step: Step? = nil, undo: Action? = nil, failure: StepFailure? = nil) {
        self.type = type
        self.step = step?.id
        host = step?.host.text
        instance = step?.instance?.description
        let action = undo ?? step?.action
        self.action = action.map(ActionWords.verb)
        target = action.map(ActionWords.target)
        message = failure?.message
        if let found = failure?.details, !found.isEmpty {
            details = Dictionary(found.map { ($0.title, $0.lines) }) { $1 }
        }
    }
}
