package import RecastModel

/// How a run gets the right to change hosts.
package struct Leasing: Sendable {
    /// `USER@MACHINE`.
    package let holder: String
    /// How long it waits for somebody else to be done.
    package let patience: Duration

    package init(holder: String, patience: Duration = .zero) {
        self.holder = holder
        self.patience = patience
    }
}

/// Somebody else changes the application on a host.
package struct LeaseRefusal: Error, Hashable, Sendable {
    package let environment: EnvironmentName
    package let host: HostName
    package let record: LeaseRecord
    /// The host's clock, in seconds of the Unix epoch.
    package let now: Int64
}
