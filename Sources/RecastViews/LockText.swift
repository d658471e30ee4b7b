package import RecastModel

/// What becomes of a lock file, for people.
package struct LockText {
    private let update: LockUpdate
    private let style: Style

    package init(_ update: LockUpdate, style: Style = Style()) {
        self.update = update
        self.style = style
    }

    package var lines: [String] {
        let rows = LockRow.rows(update)
        let widths = [rows.map(\.name.count).max() ?? 0, rows.map(\.subject.count).max() ?? 0]
        let table = rows.map { row in
            "  \(mark(row)) \(row.name.padded(to: widths[0] + 2)) \(row.subject.padded(to: widths[1] + 2)) \(row.words)"
        }
        return [style.paint(update.after.path, .bold), ""] + table + [""] + held + [summary(rows)]
    }

    private var held: [String] {
        update.held.compactMap { name in
            update.after.services[name]?.hold.map { hold in
                "\(name) is held by \(hold.by.printable) since \(hold.at.prefix(10)): \(hold.reason.printable);"
                    + " to let it go: --unhold \(name)"
            }
        }
    }

    private func mark(_ row: LockRow) -> String {
        switch (row.before, row.after) {
        case (nil, _): style.paint("+", .green)
        case (_, nil): style.paint("-", .red)
        case (let before, let after): before == after && !row.isRenewed ? " " : style.paint("~", .yellow)
        }
    }

    private func summary(_ rows: [LockRow]) -> String {
        let new = rows.count { $0.before == nil }
        let dropped = rows.count { $0.after == nil }
        let same = rows.count { $0.before == $0.after && !$0.isRenewed }
        let counts = [
            (new, "new"), (rows.count - new - dropped - same, "changed"), (dropped, "dropped"), (same, "as before"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0) \($1)" }
        return words.isEmpty ? "Nothing to pin." : words.joined(separator: ", ") + "."
    }
}

/// A pin, or a volume that is recorded.
struct LockRow {
    let name: String
    let subject: String
    let before: String?
    let after: String?
    /// The same content, for another manifest.
    var isRenewed = false

    var words: String {
        let short = { (text: String) in String(text.prefix(text.hasPrefix("sha256:") ? 19 : 12)) }
        guard let after else { return "no longer asked for" }
        guard let before, before != after else { return short(after) + (isRenewed ? ", for another manifest" : "") }
        return "\(short(after)), was \(short(before))"
    }

    static func rows(_ update: LockUpdate) -> [Self] {
        let (before, after) = (update.before, update.after)
        let services = Set(after.services.keys).union(before?.services.keys ?? [:].keys).sorted()
        let pins = services.flatMap { name in
            let (old, new) = (before?.services[name], after.services[name])
            return Set(old?.digests.keys ?? [:].keys).union(new?.digests.keys ?? [:].keys).sorted().map {
                Self(
                    name: name.text, subject: $0.short, before: old?.digests[$0], after: new?.digests[$0],
                    isRenewed: old != nil && new != nil && old?.base != new?.base)
            }
        }
        let volumes = Set(after.volumes.keys).union(before?.volumes.keys ?? [:].keys).sorted().map { name in
            let (old, new) = (before?.volumes[name], after.volumes[name])
            return Self(
                name: "volume", subject: name + (new.map { " on \($0.host)" } ?? ""), before: old?.identity,
                after: new?.identity)
        }
        return pins + volumes
    }
}

/// The same for programs.
package struct LockDocument: Encodable {
    struct Row: Encodable {
        let service: String?
        let image: String?
        let volume: String?
        let before: String?
        let after: String?
    }
    struct Unresolved: Encodable {
        let image: String
        let reason: String
    }

    let format = 1
    let file: String
    let changed: Bool
    let pins: [Row]
    let unresolved: [Unresolved]
    /// Services that were to be renewed, and are held.
    let held: [String]

    package init(_ update: LockUpdate) {
        file = update.after.path
        changed = update.changes
        pins = LockRow.rows(update).map { row in
            let isVolume = row.name == "volume"
            return Row(
                service: isVolume ? nil : row.name, image: isVolume ? nil : row.subject,
                volume: isVolume ? row.subject : nil, before: row.before, after: row.after)
        }
        held = update.held.map(\.text)
        unresolved = update.unresolved.map { Unresolved(image: $0.reference.short, reason: $0.reason) }
    }
}
