/// Programs on the machine of whoever applies, each with its arguments, that get the plan as JSON on their input.
package struct OperatorHooks: Hashable, Sendable {
    /// When a program runs.
    package enum Moment: String, Hashable, Sendable {
        case before, after
    }

    /// In order, before anything is done; one that fails stops the apply.
    package var before: [[String]] = []
    /// In order, when everything has ended, however it did.
    package var after: [[String]] = []

    package init() {}

    package var isEmpty: Bool { before.isEmpty && after.isEmpty }
}

/// Why a program of the operator counts as failed.
package struct OperatorHookFailure: Error, Hashable, Sendable {
    package let moment: OperatorHooks.Moment
    /// The program and its arguments.
    package let words: [String]
    /// In a clause with the program's name: `./backup ended with exit code 3`.
    package let reason: String
    /// The end of what it wrote to its standard error.
    package let lastLines: [String]

    package init(_ moment: OperatorHooks.Moment, _ words: [String], reason: String, lastLines: [String] = []) {
        self.moment = moment
        self.words = words
        self.reason = reason
        self.lastLines = lastLines
    }
}

/// How an apply ended, and what became of the instances that it was to change.
package struct ApplyResult: Hashable, Sendable {
    package let outcome: Outcome
    /// Empty when nothing was begun.
    package let fates: [InstancePlace: Fate]

    package init(_ outcome: Outcome, fates: [InstancePlace: Fate] = [:]) {
        self.outcome = outcome
        self.fates = fates
    }
}
