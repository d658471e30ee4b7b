/// The right to change an application on the hosts of an environment.
package struct Lease: Hashable, Sendable {
    /// Tells it from every other.
    package let id: String
    /// `USER@MACHINE`, as the holder says.
    package let holder: String
    /// What it is for, such as `apply`.
    package let operation: String
    /// The process that holds it, as its machine knows it.
    package let process: String?

    package init(id: String, holder: String, operation: String, process: String? = nil) {
        self.id = id
        self.holder = holder
        self.operation = operation
        self.process = process
    }
}
