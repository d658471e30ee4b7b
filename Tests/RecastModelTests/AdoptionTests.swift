import RecastModel
import Testing

/// Volumes that somebody else made, and that a record says are this application's.
@Suite struct AdoptionTests {
    private let volumes: [ObservedVolume] = {
        let adoption = VolumeRecord(.adopted, of: "data", token: "token", made: "2026-01-31T12:00:00Z")
        var record = ObservedVolume(name: adoption.name)
        record.labels = InstanceLabels.ofResource(environment: "test", application: "shop")
            .merging(adoption.labels) { $1 }
        var anew = ObservedVolume(name: "data")
        anew.createdAt = "2026-02-01T12:00:00Z"
        return [record, anew]
    }()

    @Test(arguments: [true, false])
    func `one that was made anew is another, where the engine tells when it was made`(tells: Bool) {
        let labelled = volumes.labelled(by: "test", "shop", tellsCreation: tells)
        #expect(labelled[1].isOwned(by: "test", "shop") == !tells)
    }

    @Test func `a record of another application's says nothing`() {
        let labelled = volumes.labelled(by: "test", "other", tellsCreation: false)
        #expect(!labelled[1].isOwned(by: "test", "other"))
    }
}
