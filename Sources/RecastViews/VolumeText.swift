package import RecastModel

/// The volumes of an application, for people.
package struct VolumeText {
    private let list: VolumeList
    private let style: Style

    package init(_ list: VolumeList, style: Style = Style()) {
        self.list = list
        self.style = style
    }

    package var lines: [String] {
        let hosts = list.unreachable.sorted { $0.key < $1.key }.map { host, reason in
            style.paint("\(host)   unreachable: \(reason.printable)", .red)
        }
        guard !list.items.isEmpty else { return hosts + (hosts.isEmpty ? ["No volumes."] : []) }
        let isSaved = list.items.contains { $0.lastBackup != nil }
        let isMeasured = list.items.contains { $0.size != nil }
        let heading =
            ["HOST", "VOLUME", "STATE", "USED BY"] + (isMeasured ? ["SIZE"] : [])
            + (isSaved ? ["LAST BACKUP"] : []) + ["MADE"]
        let rows = list.items.map { item in
            [item.host.text, item.name.printable, Self.state(item), Self.users(item)]
                + (isMeasured ? [item.size.map(Self.size) ?? "?"] : [])
                + (isSaved ? [Self.lastBackup(item) ?? "-"] : []) + [Self.made(item)]
        }
        return TextTable.lines([heading] + rows) + hosts + unclaimed
    }

    /// How many nobody claims; nothing where there is none.
    package var unclaimed: [String] {
        let count = list.items.count { $0.isOwned && !$0.isClaimed && $0.hasTheData }
        return count == 0
            ? [] : ["", "\(counted(count, "volume")) unclaimed: kept, and the manifest does not ask for it there."]
    }

    /// One volume in full.
    package static func lines(_ item: VolumeList.Item) -> [String] {
        let rows: [(String, String?)] = [
            ("volume", item.name), ("host", item.host.text), ("state", state(item)), ("used by", users(item)),
            ("made", made(item)), ("for", item.services.isEmpty ? "unknown" : item.services.joined(separator: ", ")),
            ("driver", item.driver == "local" ? nil : item.driver), ("size", item.size.map(size)),
            ("last backup", lastBackup(item) ?? "none that Recast made"), ("identity", item.identity),
        ]
        return rows.compactMap { name, value in
            value.map { name + String(repeating: " ", count: 13 - name.count) + $0.printable }
        }
    }

    static func state(_ item: VolumeList.Item) -> String {
        guard item.isOwned else {
            return item.unnamedPaths.isEmpty
                ? "not Recast's" : "unnamed, at \(item.unnamedPaths.joined(separator: " and ").printable)"
        }
        switch item.standing {
        case .incomplete(let source?): return "incomplete copy from \(source)"
        case .incomplete: return "incomplete"
        case .diverged(let source): return "written to in a move from \(source) that went back"
        case .moved(let target): return "moved to \(target)"
        case .absent, .foreign, .current: return item.isClaimed ? "claimed" : "unclaimed"
        }
    }

    private static func users(_ item: VolumeList.Item) -> String {
        let all = item.users + item.strangers
        return all.isEmpty ? "nobody" : all.joined(separator: ", ").printable
    }

    private static func lastBackup(_ item: VolumeList.Item) -> String? {
        item.lastBackup.map { $0.replacing("T", with: " ").printable }
    }

    /// A release's name begins with when it was: `20260131T174502Z`.
    private static func made(_ item: VolumeList.Item) -> String {
        let time = (item.release ?? "").prefix(16).map(String.init)
        guard time.count == 16, time[8] == "T" else { return "unknown" }
        return "\(time[0..<4].joined())-\(time[4..<6].joined())-\(time[6..<8].joined()) "
            + "\(time[9..<11].joined()):\(time[11..<13].joined()):\(time[13..<16].joined())"
    }

    package static func size(_ bytes: Int64) -> String { FieldText.byteSize(bytes) }

    /// `0.4 s`, `12 s`.
    package static func time(_ duration: Duration) -> String { ActionWords.seconds(duration) }
}
