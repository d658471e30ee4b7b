import RecastModel
import Testing

@Suite struct EngineFactsTests {
    @Test(arguments: [
        ("20.10.24+dfsg1", false), ("26.1.5", false), ("27.0.2", false), ("27.0.3", true), ("28.5.2", true),
        ("29", true),
        ("", false),
    ])
    func `volumes with options are safe from 27.0.3 on`(version: String, isSafe: Bool) {
        #expect(EngineFacts(version: version, api: APIVersion(1, 41)).sparesVolumesWithOptions == isSafe)
        #expect(!EngineFacts(product: .podman, version: version, api: APIVersion(1, 41)).sparesVolumesWithOptions)
    }
}
