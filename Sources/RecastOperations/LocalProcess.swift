#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A process of some machine, so that another one on the same machine can tell whether it is gone.
///
/// Linux only: elsewhere nothing is known of a process, and it counts as there.
struct LocalProcess: Hashable, Sendable {
    /// Which boot of which machine, among which processes, and whose: those of others may be hidden.
    private let place: String
    private let id: String
    /// In clock ticks since the boot: process IDs are used again.
    private let start: String

    /// This one; `nil` where the system does not say.
    static let current = LocalProcess(id: "self")

    private init?(id: String) {
        guard let boot = Self.text("/proc/sys/kernel/random/boot_id"),
            let owner = try? FileManager.default.attributesOfItem(atPath: "/proc/self")[.ownerAccountID],
            let space = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid"),
            let fields = Self.fields(of: id), fields.count > 21
        else { return nil }
        // A number of whichever type.
        place = "\(boot)/\(space)/\(owner)"
        self.id = fields[0]
        start = fields[21]
    }

    /// `text`: as `text` gives it.
    init?(_ text: String) {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 3 else { return nil }
        (place, id, start) = (parts[0], parts[1], parts[2])
    }

    var text: String { "\(place) \(id) \(start)" }

    /// It ran here, and does not any more.
    var isGone: Bool {
        guard let current = Self.current, current.place == place else { return false }
        guard let fields = Self.fields(of: id) else { return true }
        return fields.count > 21 && fields[21] != start
    }

    /// As proc(5) numbers them, from 0; the name of the program, which may have blanks, counts as one.
    private static func fields(of id: String) -> [String]? {
        guard let line = text("/proc/\(id)/stat"), let end = line.lastIndex(of: ")") else { return nil }
        let number = line.prefix { $0 != " " }
        return [String(number), ""] + line[line.index(after: end)...].split(separator: " ").map(String.init)
    }

    private static func text(_ path: String) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let text = String(decoding: data, as: UTF8.self)
        return text.isEmpty ? nil : String(text.prefix { $0 != "\n" })
    }
}
