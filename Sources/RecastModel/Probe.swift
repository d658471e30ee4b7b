/// A question to a running container, asked from inside it.
package enum Probe: Hashable, Sendable {
    /// Answered by a status of 200 to 399.
    ///
    /// `path`: with its leading slash.
    case http(port: Int, path: String)
    /// Answered by a connection.
    case tcp(port: Int)
    /// Answered by an exit code of 0.
    case exec([String])
}

/// What must be answered, how often and by when, before a started container counts as ready.
package struct Readiness: Hashable, Sendable {
    package var probe: Probe
    /// From the start of the container.
    package var timeout: Duration
    /// How many answers in a row.
    package var consecutive: Int

    package init(_ probe: Probe, timeout: Duration = .seconds(60), consecutive: Int = 1) {
        self.probe = probe
        self.timeout = timeout
        self.consecutive = consecutive
    }
}

/// What happens before a running container is stopped to give way.
package struct Drain: Hashable, Sendable {
    /// Asked once; `nil`: there is only the wait.
    package var probe: Probe?
    /// After it.
    package var wait: Duration

    package init(_ probe: Probe?, wait: Duration = .zero) {
        self.probe = probe
        self.wait = wait
    }
}
