/// What makes an engine slow and unreliable: by chance, and all of it from a seed.
package struct Weather: Hashable, Sendable {
    /// What becomes of one request.
    enum Turn: Hashable {
        case late(Duration)
        case fails
        case isRefused
        case losesReply
        case hangs
        /// The daemon is restarted before the request is done.
        case restart
    }

    /// Before every answer.
    package var latency = Duration.zero
    /// As much more at most, each time another.
    package var jitter = Duration.zero
    /// Of 10,000 requests, how many are answered with 500 and not done.
    package var failures = 0
    /// How many find a connection that is closed, and are not done.
    package var refusals = 0
    /// How many are done, and their reply is lost.
    package var lostReplies = 0
    /// How many are never answered.
    package var stalls = 0
    /// How many restart the daemon.
    package var restarts = 0
    private var chance: UInt64

    package init(seed: UInt64) { chance = seed }

    /// The same, for the engine with that number.
    package func varied(by number: Int) -> Self {
        var weather = self
        weather.chance = chance &* 1_000_003 &+ UInt64(number)
        return weather
    }

    mutating func turn() -> Turn {
        var generator = SeededGenerator(seed: chance)
        chance = generator.next()
        var draw = Int.random(in: 0..<10_000, using: &generator)
        for (share, turn) in [
            (failures, Turn.fails), (refusals, .isRefused), (lostReplies, .losesReply), (stalls, .hangs),
            (restarts, .restart),
        ] {
            if draw < share { return turn }
            draw -= share
        }
        return .late(latency + jitter * Double.random(in: 0...1, using: &generator))
    }
}

extension Weather.Turn {
    var effect: Fault.Effect? {
        switch self {
        case .late(let duration): duration > .zero ? .delay(duration) : nil
        case .fails: .fail(500, "the weather is bad")
        case .isRefused, .restart: .dropBefore
        case .losesReply: .dropReply
        case .hangs: .hang
        }
    }
}
