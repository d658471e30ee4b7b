import RecastModel
import RecastOperations
import RecastViews

extension Console {
    /// The programs around an apply, all of whose output goes to standard error; `nil` when there are none.
    func hookPrograms(_ hooks: OperatorHooks) -> HookPrograms? {
        guard !hooks.isEmpty else { return nil }
        return HookPrograms(hooks, surroundings) {
            try JSONText.document(AppliedDocument($0, $1))
        } tell: {
            write([$0], to: .error)
        } warn: {
            write(HookText.lines($0, style: style(for: .error)), to: .error)
        }
    }
}
