import RecastOperations
import RecastViews
import Synchronization

/// Tells on standard error how far a backup or restore is: at once what changes, every few seconds how much.
final class VolumeProgress: Sendable {
    private let console: Console
    private let start = ContinuousClock.now
    /// When the next amount is due.
    private let due = Mutex(Duration.seconds(2))
    private let begun = Mutex(false)
    private let verifies = Mutex(false)

    init(_ console: Console) { self.console = console }

    /// Something was done on the host.
    var hasBegun: Bool { begun.withLock { $0 } }

    func receive(_ event: VolumeEvent) {
        begun.withLock { $0 = true }
        switch event {
        case .stopping(let name): tell("\(name) stops")
        case .starting(let name): tell("\(name) starts again")
        case .back(let name, let gap): tell("\(name) is ready again; it was away for \(VolumeText.time(gap))")
        case .down(let name): tell("\(name) does not run; 'recast apply' starts it")
        case .verifying:
            let isFirst = verifies.withLock { verifies in
                defer { verifies = true }
                return !verifies
            }
            if isFirst { tell("written; comparing every file with its checksum") }
        case .copied(let count):
            let time = ContinuousClock.now - start
            let isDue = due.withLock { due in
                guard time >= due else { return false }
                due = time + .seconds(5)
                return true
            }
            if isDue { tell("\(VolumeText.size(count)), \(VolumeText.time(time))") }
        }
    }

    private func tell(_ line: String) { console.write([line.printable], to: .error) }
}
