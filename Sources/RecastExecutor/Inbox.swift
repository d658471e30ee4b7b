import RecastModel

/// What those who work have to tell, in the order in which it happens.
final class Inbox: Sendable {
    enum Report: Sendable {
        case progressed(Step, StepProgress)
        case lingers(Step)
        case ended(Step, Result<Duration, StepFailure>)
        case undoing(Step, Action)
        case undone(Step, Action, Result<Void, StepFailure>)
        /// `failed`: the hosts on which it could not be put back.
        case putBack(Set<UnitPlace>, failed: [UnitPlace: Set<HostName>])
    }

    private let pump: AsyncStream<Report>
    private let channel: AsyncStream<Report>.Continuation

    init() { (pump, channel) = AsyncStream.makeStream(of: Report.self) }

    func put(_ report: Report) { channel.yield(report) }

    /// Also in a cancelled task: the running calls have not ended then.
    func next() async -> Report? {
        // A fresh task is not cancelled; it is awaited at once.
        await Task { [pump] in
            var iterator = pump.makeAsyncIterator()
            return await iterator.next()
        }.value
    }
}
