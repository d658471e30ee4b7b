// swift-format-ignore-file: AlwaysUseLowerCamelCase
// Fields are spelled as the JSON has them.

package import RecastModel

/// The volumes of an application, for programs.
package struct VolumeDocument: Encodable {
    package struct Row: Encodable {
        let host: String
        let name: String
        let driver: String
        let state: String
        let services: [String]
        let used_by: [String]
        let release: String?
        let identity: String?
        let size: Int64?
        let last_backup: String?
    }

    let format = 1
    package let volumes: [Row]
    let unreachable: [String: String]

    package init(_ list: VolumeList) {
        volumes = list.items.map(Row.init)
        unreachable = Dictionary(list.unreachable.map { ($0.key.text, $0.value) }) { first, _ in first }
    }

    /// One of them.
    package init(_ item: VolumeList.Item) {
        volumes = [Row(item)]
        unreachable = [:]
    }
}

extension VolumeDocument.Row {
    fileprivate init(_ item: VolumeList.Item) {
        self.init(
            host: item.host.text, name: item.name, driver: item.driver,
            state: item.isOwned ? VolumeText.state(item) : item.unnamedPaths.isEmpty ? "foreign" : "unnamed",
            services: item.services, used_by: item.users + item.strangers, release: item.release,
            identity: item.identity,
            size: item.size, last_backup: item.lastBackup)
    }
}
