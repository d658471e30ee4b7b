/// Something that goes wrong once, at one request.
package struct Fault: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
        /// Nothing is done; the engine answers with an error.
        case fail(Int, String)
        /// Nothing is done and nothing is ever answered.
        case hang
        /// Nothing is done; the connection is closed.
        case dropBefore
        /// The work is done; the connection is closed without an answer.
        case dropReply
        /// The connection is closed, and so is every later one until the engine is online again: what an engine sees of
        /// a client that is killed. The work of this request is done or not.
        case killClient(isDone: Bool)
        /// Everything is as it should be, but late.
        case delay(Duration)
    }

    /// Requests are counted from the engine's start, from 1.
    package enum Trigger: Hashable, Sendable {
        /// The n-th request of all.
        case request(Int)
        /// The n-th request that is no GET.
        case mutation(Int)
        /// The n-th request whose route begins so, such as `POST /containers/create`; `*` stands for the name or ID
        /// in `POST /containers/*/start`.
        case route(String, Int)
    }

    package let effect: Effect
    package let trigger: Trigger

    package init(_ effect: Effect, at trigger: Trigger) {
        self.effect = effect
        self.trigger = trigger
    }

    /// Whether the last of these requests is the one.
    func isDue(at requests: [RecordedRequest]) -> Bool {
        guard let last = requests.last else { return false }
        switch trigger {
        case .request(let number): return requests.count == number
        case .mutation(let number):
            return last.isMutating && requests.lazy.filter(\.isMutating).count == number
        case .route(let prefix, let number):
            return last.route.hasPrefix(prefix) && requests.lazy.filter { $0.route.hasPrefix(prefix) }.count == number
        }
    }
}
