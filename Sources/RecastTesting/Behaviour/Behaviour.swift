/// What a container of an image does once it is started.
package enum Behaviour: Hashable, Sendable {
    /// Runs until it is stopped; its health check, if it has one, passes at once.
    case runs
    /// Ends by itself, each time it is started.
    case exits(code: Int, after: Duration)
    /// Ends with 0 at once.
    case completes
    /// Runs; its health check passes after a while.
    case healthy(after: Duration)
    /// Runs; its health check gives up after a while.
    case neverHealthy(after: Duration = .milliseconds(20))
    /// The start itself is refused with this message.
    case failsToStart(String)
}

extension Behaviour {
    /// When and how it ends by itself.
    var ending: (after: Duration, code: Int)? {
        switch self {
        case .exits(let code, let after): (after, code)
        case .completes: (.zero, 0)
        default: nil
        }
    }

    /// What its health check says that long after the start.
    func health(after elapsed: Duration) -> String {
        switch self {
        case .healthy(let after): elapsed >= after ? "healthy" : "starting"
        case .neverHealthy(let after): elapsed >= after ? "unhealthy" : "starting"
        default: "healthy"
        }
    }
}
