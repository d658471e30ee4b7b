/// A program that runs inside a container at a point of its life, through exec.
///
/// It is no part of the container's definition: another hook replaces nothing.
package struct Hook: Hashable, Sendable {
    package let command: [String]
    /// What it is called in messages: its program.
    package var name: String { command.first ?? "" }
    /// `nil`: the container's.
    package let user: String?
    package let privileged: Bool
    /// `nil`: the container's.
    package let workingDirectory: String?
    /// Beside the container's own; `nil` as a value takes a variable away.
    package let environment: [String: String?]

    package init(
        command: [String], user: String? = nil, privileged: Bool = false, workingDirectory: String? = nil,
        environment: [String: String?] = [:]
    ) {
        self.command = command
        self.user = user
        self.privileged = privileged
        self.workingDirectory = workingDirectory
        self.environment = environment
    }
}

/// The hooks of an instance, each list in the order in which they run.
package struct Hooks: Hashable, Sendable {
    /// After the start and before the gate; one that fails fails the instance.
    package var postStart: [Hook] = []
    /// Before the stop of a running container that gives way; one that fails keeps it running.
    package var preStop: [Hook] = []

    package init() {}
}
