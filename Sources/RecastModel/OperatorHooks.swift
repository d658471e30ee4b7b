/// Programs on the machine of whoever applies, each with its arguments, that get the plan as JSON on their input.
package struct OperatorHooks: Hashable, Sendable {
    /// In order, before anything is done; one that fails stops the apply.
    package var before: [[String]] = []
    /// In order, when everything has ended, however it did.
    package var after: [[String]] = []

    package init() {}
}
