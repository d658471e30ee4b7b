package import RecastModel

/// How a run sees to it that nobody else changes the hosts.
package enum Leasing: Sendable {
    /// `holder`: `USER@MACHINE`.
    ///
    /// `patience`: how long it waits for somebody else to be done.
    case lease(holder: String, patience: Duration)
    /// A person sees to it; why.
    case without(reason: String)
}

/// Somebody else changes the application on a host.
package struct LeaseRefusal: Error, Hashable, Sendable {
    package let environment: EnvironmentName
    package let host: HostName
    package let record: LeaseRecord
    /// The host's clock, in seconds of the Unix epoch.
    package let now: Int64
}
