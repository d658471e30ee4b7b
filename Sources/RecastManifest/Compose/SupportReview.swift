import RecastModel
import RecastYAML

/// Refuses, by name and with the way out, what a manifest says and a deployment cannot honour, and tells what has no
/// effect.
struct SupportReview {
    private(set) var report = Report()

    /// `root`: what the files say, before anything implied is spelled out; `services`: those that do not run.
    mutating func review(_ root: Field, leavingOut services: Set<String>) {
        disabled = services
        review(root, as: .object(Schema.manifest))
    }

    private var disabled: Set<String> = []

    private mutating func review(_ field: Field, as shape: Shape) {
        switch shape {
        case .list(let list):
            for item in field.items { review(Field(item, at: field.path), as: list.item) }
        case .object(let object), .scalarOr(_, let object), .textOr(_, let object):
            for entry in field.entries {
                guard let key = object.fields[entry.key] else { continue }
                if judge(entry, key) { review(entry, as: key.shape) }
            }
        case .map, .names:
            for entry in field.entries where !(field.path.keys == ["services"] && disabled.contains(entry.key)) {
                review(entry, as: shape.shape(of: entry.key))
            }
        default: break
        }
    }

    /// Whether to look further inside.
    private mutating func judge(_ field: Field, _ key: Key) -> Bool {
        switch key.support {
        case .honoured: return true
        case .differs: return field.key != "build"
        case .ignored(let why):
            report.note(.noEffect, "`\(field.key)` has no effect: \(why)", at: field.keyPlace)
            return false
        case .refused(let why, let help):
            guard !field.saysNothing else { return false }
            report.error(.unsupportedKey, "`\(field.key)` is not supported: \(why)", at: field.keyPlace, help: help)
            return false
        }
    }
}

extension Field {
    /// `external: false`, `isolation: default`: no more than the key's absence.
    fileprivate var saysNothing: Bool {
        switch node.content {
        case .bool(false), .string("default"), .string(""): true
        case .sequence(let items): items.isEmpty
        default: false
        }
    }
}
