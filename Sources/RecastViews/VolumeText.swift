// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

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
        let isMeasured = list.items.contains { $0.size != nil }
        let heading = ["HOST", "VOLUME", "STATE", "USED BY"] + (isMeasured ? ["SIZE"] : []) + ["MADE"]
        let rows = list.items.map { item in
            [item.host.text, item.name.printable, Self.state(item), Self.users(item)]
                + (isMeasured ? [item.size.map(Self.size) ?? "?"] : []) + [Self.made(item)]
        }
        let unclaimed = list.items.filter { $0.isOwned && !$0.isClaimed }
        return TextTable.lines([heading] + rows) + hosts
            + (unclaimed.isEmpty
                ? [] : ["", "\(counted(unclaimed.count, "volume")) unclaimed: kept, and no service uses it any more."])
    }

    /// One volume in full.
    package static func lines(_ item: VolumeList.Item) -> [String] {
        [
            "volume    \(item.name.printable)", "host      \(item.host)", "state     \(state(item))",
            "used by   \(users(item))", "made      \(made(item))",
            "for       \(item.services.isEmpty ? "unknown" : item.services.joined(separator: ", ").printable)",
        ]
    }

    static func state(_ item: VolumeList.Item) -> String {
        guard item.isOwned else { return "not Recast's" }
        return item.isClaimed ? "claimed" : "unclaimed"
    }

    private static func users(_ item: VolumeList.Item) -> String {
        item.users.isEmpty ? "nobody" : item.users.joined(separator: ", ").printable
    }

    /// A release's name begins with when it was: `20260131T174502Z`.
    private static func made(_ item: VolumeList.Item) -> String {
        let time = (item.release ?? "").prefix(16).map(String.init)
        guard time.count == 16, time[8] == "T" else { return "unknown" }
        return "\(time[0..<4].joined())-\(time[4..<6].joined())-\(time[6..<8].joined()) "
            + "\(time[9..<11].joined()):\(time[11..<13].joined()):\(time[13..<16].joined())"
    }

    private static func size(_ bytes: Int64) -> String { FieldText.byteSize(bytes) }
}

/// The volumes of an application, for programs.
package struct VolumeDocument: Encodable {
    struct Row: Encodable {
        let host: String
        let name: String
        let driver: String
        let state: String
        let services: [String]
        let used_by: [String]
        let release: String?
        let identity: String?
        let size: Int64?
    }

    let format = 1
    let volumes: [Row]
    let unreachable: [String: String]

    package init(_ list: VolumeList) {
        volumes = list.items.map { item in
            Row(
                host: item.host.text, name: item.name, driver: item.driver,
                state: item.isOwned ? VolumeText.state(item) : "foreign", services: item.services,
                used_by: item.users, release: item.release, identity: item.identity, size: item.size)
        }
        unreachable = Dictionary(list.unreachable.map { ($0.key.text, $0.value) }) { first, _ in first }
    }
}
