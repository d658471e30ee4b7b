package import RecastModel

/// A failed program of the operator, for people.
package enum HookText {
    /// One before the apply is an error that stopped it, one after it a warning.
    package static func lines(_ failure: OperatorHookFailure, style: Style) -> [String] {
        let opening =
            switch failure.moment {
            case .before: style.paint("error:", .red) + " a hook before the apply failed; nothing was changed: "
            case .after: style.paint("warning:", .yellow) + " a hook after the apply failed: "
            }
        let command = failure.words.count > 1 ? ["    command: \(failure.words.joined(separator: " ").printable)"] : []
        let last = failure.lastLines.map { "      | \($0.printable)" }
        return [opening + failure.reason.printable] + command + (last.isEmpty ? [] : ["    its last lines:"]) + last
    }
}
