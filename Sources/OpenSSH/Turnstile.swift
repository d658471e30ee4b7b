import Synchronization

/// Lets a bounded number of tasks through at once, in the order in which they came.
final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        var cancelled: Set<Int> = []
    }
    private enum Entry {
        case enter(Bool)
        case wait
    }
    private let state: Mutex<State>

    init(places: Int) {
        state = Mutex(State(free: places))
    }

    /// Runs the body when a place is free.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before its turn, or what the body throws.
    func pass<Value>(_ body: () async throws -> Value) async throws -> Value {
        guard await enter() else { throw CancellationError() }
        defer { leave() }
        return try await body()
    }

    private func enter() async -> Bool {
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if case .enter(let granted) = register(ticket, continuation) { continuation.resume(returning: granted) }
            }
        } onCancel: {
            withdraw(ticket)?.resume(returning: false)
        }
    }

    private func register(_ ticket: Int, _ continuation: CheckedContinuation<Bool, Never>) -> Entry {
        state.withLock { state in
            if state.cancelled.remove(ticket) != nil { return .enter(false) }
            guard state.free == 0 else {
                state.free -= 1
                return .enter(true)
            }
            state.waiting.append((ticket, continuation))
            return .wait
        }
    }

    private func withdraw(_ ticket: Int) -> CheckedContinuation<Bool, Never>? {
        state.withLock { state in
            guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                state.cancelled.insert(ticket)
                return nil
            }
            return state.waiting.remove(at: place).continuation
        }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
