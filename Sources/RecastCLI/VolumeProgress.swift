import RecastOperations
import RecastViews
import Synchronization

/// Tells on standard error how far a backup or restore is: at once what changes, every few seconds how much.
final class VolumeProgress: Sendable {
    private let console: Console
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    private struct State {
        var hasBegun = false
        /// When the next amount is due.
        var due = Duration.seconds(2)
    }

    init(_ console: Console) { self.console = console }

    /// Something was done on the host.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    func receive(_ event: VolumeEvent) {
        state.withLock { $0.hasBegun = true }
        switch event {
        case .stopping(let name): tell("\(name) stops")
        case .starting(let name): tell("\(name) starts again")
        case .back(let name, let gap): tell("\(name) is ready again; it was away for \(VolumeText.time(gap))")
        case .down(let name): tell("\(name) does not run; 'recast apply' starts it")
        case .verifying: tell("written; comparing every file with its checksum")
        case .copied(let count):
            let time = ContinuousClock.now - start
            let isDue = state.withLock { state in
                guard time >= state.due else { return false }
                state.due = time + .seconds(5)
                return true
            }
            if isDue { tell("\(VolumeText.size(count)), \(VolumeText.time(time))") }
        }
    }

    private func tell(_ line: String) { console.write([line.printable], to: .error) }
}
