import RecastManifest
import RecastModel
import RecastViews

/// What is to be decided about a compose file, for people.
struct AdoptionText {
    let lines: [String]

    init(_ adoption: Adoption, style: Style) {
        let needed = adoption.decisions.filter(\.isNeeded)
        let others = adoption.decisions.filter { !$0.isNeeded }
        lines =
            Self.section("\(counted(needed.count, "decision")) before a plan can be made:", needed, style)
            + Self.section("\(counted(others.count, "thing")) to know:", others, style)
            + (needed.isEmpty ? ["", "Nothing must be decided before a plan can be made."] : [])
    }

    private static func section(_ title: String, _ decisions: [Adoption.Decision], _ style: Style) -> [String] {
        guard !decisions.isEmpty else { return [] }
        return ["", title]
            + decisions.flatMap { decision in
                ["  \(style.remark(decision.position.description.printable)): \(decision.message.printable)"]
                    + (decision.help.map { ["      \($0.printable)"] } ?? [])
            }
    }
}
