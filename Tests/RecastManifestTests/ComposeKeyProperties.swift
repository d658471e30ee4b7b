import RecastManifest
import RecastModel
import RecastTesting
import RecastYAML
import Testing

/// What holds of the compose file of any definition.
@Suite struct ComposeKeyProperties {
    private static let place = SourcePosition(file: "test.yaml", line: 1, column: 1)
    /// Fields of an engine for which compose-spec has no word.
    private static let wordless: Set<String> = ["stdin_once", "publish_all", "rm", "cpuset_mems", "volume_driver"]

    private func text(_ spec: ContainerSpec) -> String {
        let instance = DesiredInstance(
            host: "one", address: InstanceAddress("web", slot: 1), spec: spec, position: Self.place)
        return Desired(
            environment: "test", application: "app", hosts: [], instances: [instance], networks: [], volumes: []
        ).composeFile(of: "one").yamlText
    }

    @Test func `every field that has a key is printed: a change of it is a change of the file`() throws {
        let images = ["shop/base:1", "shop/rich:1"].compactMap { ImageReference($0) }
        let generator = SpecGenerator(
            images: images, networks: ["back", "front"], owner: "owner", includesExotic: true,
            api: APIVersion(1, 51))
        var random = SeededGenerator(seed: 7)
        for round in 0..<1000 {
            let spec = generator.spec(using: &random)
            let changed = generator.mutated(spec, using: &random)
            let (before, after) = (spec.fields.values, changed.fields.values)
            let fields = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            if fields.isSubset(of: Self.wordless) { continue }
            #expect(text(spec) != text(changed), "round \(round): \(fields.sorted())")
        }
    }
}
