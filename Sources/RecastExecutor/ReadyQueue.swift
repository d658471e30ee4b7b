import HeapModule
import RecastModel

/// Steps that could start, those that end an absence first, then in the order of the plan.
///
/// A step whose host has no room is parked with its host, so that nobody looks at it until something ends there.
struct ReadyQueue {
    struct Entry: Comparable {
        let id: Int
        /// It ends an absence.
        let isUrgent: Bool

        static func < (lhs: Self, rhs: Self) -> Bool {
            lhs.isUrgent == rhs.isUrgent ? lhs.id < rhs.id : lhs.isUrgent
        }
    }

    /// Steps that take a place.
    private var counted = Heap<Entry>()
    /// Steps that take none.
    private var free = Heap<Entry>()
    private var parked: [HostName: [Entry]] = [:]

    mutating func add(_ entry: Entry, isCounted: Bool) {
        if isCounted { counted.insert(entry) } else { free.insert(entry) }
    }

    /// Takes out the step that goes first; `withCounted`: false when no place is left.
    mutating func next(withCounted: Bool) -> Int? {
        if let first = free.popMin() { return first.id }
        return withCounted ? counted.popMin()?.id : nil
    }

    mutating func park(_ entry: Entry, on host: HostName) { parked[host, default: []].append(entry) }

    mutating func unpark(_ host: HostName) {
        guard let entries = parked.removeValue(forKey: host) else { return }
        counted.insert(contentsOf: entries)
    }
}
