import DockerAPI
import Foundation
import Testing

@testable import RecastHosts

@Suite struct PlatformCheckTests {
    /// `platforms`: such as `linux/arm/v7`.
    private func problem(_ platforms: [String], _ architecture: String, variant: String? = nil) throws -> String? {
        let list = platforms.map { text -> [String: String] in
            let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            return Dictionary(uniqueKeysWithValues: zip(["os", "architecture", "variant"], parts))
        }
        let json = try JSONEncoder().encode(list)
        let text = #"{"Descriptor":{"digest":"sha256:1"},"Platforms":\#(String(decoding: json, as: UTF8.self))}"#
        let image = try JSONDecoder().decode(DistributionInspect.self, from: Data(text.utf8))
        return PlatformCheck(image).problem(os: "linux", architecture: architecture, variant: variant)
    }

    @Test(arguments: [
        (["linux/amd64"], "amd64", nil), (["linux/arm64/v8", "linux/amd64"], "arm64", nil),
        (["linux/386"], "amd64", nil), (["linux/arm/v7"], "arm64", nil), (["linux/arm/v6"], "arm", "v7"),
        (["linux/arm"], "arm", "v6"), (["linux/arm/v7"], "arm", nil), ([], "s390x", nil),
        (["unknown/unknown"], "s390x", nil), (["/"], "s390x", nil), (["linux/amd64"], "", nil),
    ])
    func `an image for the machine, or of an unknown kind, is fine`(
        platforms: [String], architecture: String, variant: String?
    ) throws {
        #expect(try problem(platforms, architecture, variant: variant) == nil)
    }

    @Test(arguments: [
        (["linux/amd64", "unknown/unknown"], "arm64", nil, "linux/arm64, and the image exists for linux/amd64"),
        (["windows/amd64"], "amd64", nil, "linux/amd64, and the image exists for windows/amd64"),
        (["linux/arm64/v8"], "arm", "v7", "linux/arm/v7, and the image exists for linux/arm64/v8"),
        (
            ["linux/arm/v7", "linux/amd64"], "arm", "v6",
            "linux/arm/v6, and the image exists for linux/amd64, linux/arm/v7"
        ),
        (["linux/amd64"], "386", nil, "linux/386, and the image exists for linux/amd64"),
    ])
    func `an image for other machines is told with those`(
        platforms: [String], architecture: String, variant: String?, words: String
    ) throws {
        #expect(try problem(platforms, architecture, variant: variant) == words)
    }
}
