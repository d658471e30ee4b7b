import Foundation
import RecastModel
import RecastViews
import Testing

/// How volumes are shown.
@Suite struct VolumeTextTests {
    private let list: VolumeList = {
        let position = SourcePosition(file: "test.yaml", line: 1, column: 1)
        let desired = Desired(
            environment: "prod", application: "shop",
            hosts: ["h1", "h2"].map { HostDefinition(name: $0, engine: "unix:///x", position: position) },
            instances: [], networks: [], volumes: [DesiredVolume(host: "h1", key: "data", name: "prod-shop_data")])
        var state = HostState(engine: EngineFacts(version: "28.5.2", api: APIVersion(1, 51)))
        let owner = InstanceLabels.ofResource(environment: "prod", application: "shop")
        for name in ["prod-shop_data", "prod-shop_old"] {
            var volume = ObservedVolume(name: name)
            volume.labels = owner.merging(
                InstanceLabels.ofVolume(identity: "i", release: "20260131T174502Z-1f3a9c", services: ["db"])
            ) { $1 }
            state.volumes.append(volume)
        }
        state.volumes.append(ObservedVolume(name: "somebody's"))
        return VolumeList(desired, Observed(hosts: ["h1": .reached(state), "h2": .unreachable("no route")]))
    }()

    @Test func `each is a row, and those that nobody claims are counted`() {
        #expect(
            VolumeText(list).lines == [
                "HOST   VOLUME           STATE       USED BY   MADE",
                "h1     prod-shop_data   claimed     nobody    2026-01-31 17:45:02Z",
                "h1     prod-shop_old    unclaimed   nobody    2026-01-31 17:45:02Z",
                "h2   unreachable: no route", "",
                "1 volume unclaimed: kept, and the manifest does not ask for it there.",
            ])
    }

    @Test func `sizes are a column where they are known`() {
        var list = list
        list.items[0].size = 3 << 20
        #expect(
            VolumeText(list).lines.dropLast(3) == [
                "HOST   VOLUME           STATE       USED BY   SIZE    MADE",
                "h1     prod-shop_data   claimed     nobody    3 MiB   2026-01-31 17:45:02Z",
                "h1     prod-shop_old    unclaimed   nobody    ?       2026-01-31 17:45:02Z",
            ])
    }

    @Test func `the document has them all`() throws {
        let text = try JSONText.line(VolumeDocument(list))
        let document = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let volumes = try #require(document["volumes"] as? [[String: Any]])
        #expect(volumes.map { $0["state"] as? String } == ["claimed", "unclaimed"])
        #expect(volumes[0]["services"] as? [String] == ["db"])
        #expect(document["unreachable"] as? [String: String] == ["h2": "no route"])
    }
}
