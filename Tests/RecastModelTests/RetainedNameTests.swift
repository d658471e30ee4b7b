import RecastModel
import Testing

@Suite struct RetainedNameTests {
    @Test func `a retained name is its base, a mark and the beginning of the ID`() {
        let name = InstanceName.retained("prod-shop-web-1-0a1b2c3d", id: "fedcba9876543210")
        #expect(name == "prod-shop-web-1-0a1b2c3d-previous-fedcba98")
        #expect(InstanceName.isRetained(name))
        #expect(InstanceName.gap(ofRetained: name) == nil)
    }

    @Test func `the measured gap stands behind it`() {
        let name = "prod-shop-web-1-0a1b2c3d-previous-fedcba98-1830ms"
        #expect(InstanceName.isRetained(name))
        #expect(InstanceName.gap(ofRetained: name) == .milliseconds(1830))
        #expect(InstanceName.gap(ofRetained: "web-previous-fedcba98-0ms") == .zero)
    }

    @Test(arguments: [
        "prod-shop-web-1-0a1b2c3d", "prod-shop-previous-1-0a1b2c3d", "prod-shop-a-previous-b-1-0a1b2c3d",
        "prod-shop-web-1-0a1b2c3d-old-fedcba98", "prod-shop-web-1-0a1b2c3d-previous-fedcba98-ms",
        "prod-shop-web-1-0a1b2c3d-previous-fedcba98--5ms", "prod-shop-web-1-0a1b2c3d-previous-",
        "prod-shop-web-1-0a1b2c3d-previous-fedcba987", "-1830ms", "previous-fedcba98", "",
    ])
    func `other names are none`(name: String) {
        #expect(!InstanceName.isRetained(name))
        #expect(InstanceName.gap(ofRetained: name) == nil)
    }

    @Test func `a service may be called previous`() {
        let name = InstanceName.retained("prod-shop-previous-1-0a1b2c3d", id: "fedcba98")
        #expect(InstanceName.isRetained(name))
        #expect(InstanceName.isRetained("\(name)-12ms"))
    }
}
