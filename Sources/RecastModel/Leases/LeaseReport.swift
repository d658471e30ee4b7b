/// The logs of leases of an environment's hosts.
package struct LeaseReport: Hashable, Sendable {
    package var logs: [HostName: LeaseLog]
    /// Why nothing is known of the others, in a sentence.
    package var unreachable: [HostName: String]

    package init(logs: [HostName: LeaseLog] = [:], unreachable: [HostName: String] = [:]) {
        self.logs = logs
        self.unreachable = unreachable
    }
}
