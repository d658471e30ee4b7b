import RecastModel
import RecastYAML
import Testing

@Suite struct FuzzTests {
    private static let samples = [
        """
        name: shop
        x-base: &base {restart: always, env: &env [A=1, "B=2"]}
        services:
          web: &web
            <<: [*base, {tty: true}]
            image: "nginx:${TAG:-1.25}"
            ports: ["80:80", 443, 22:22]
            command: >-
              run it
                all
            config: |+
              one

          db: !override
            ? long key
            : *web
            t: !!str 010
            e: 'it''s'
        ...
        """,
        "[a, {b: c}, *x, &x y, !t z, \"\\u00e9\\n\", 1e3, 0x1F, ~]\n---\nsecond: 1\n",
        "%YAML 1.1\n%TAG !e! tag:e,2000:\n--- !e!x\n- - - a\n  - b\n-\tc\n\t- d\n",
    ]

    private func check(_ bytes: [UInt8], _ name: String) {
        let result = YAMLParser(file: "f").parse(bytes)
        let lines = bytes.count + 1
        for diagnostic in result.diagnostics {
            let place = diagnostic.position
            #expect((1...lines).contains(place.line) && place.column >= 1 && diagnostic.length >= 1, "\(name)")
        }
        if result.diagnostics.isEmpty, let root = result.root {
            #expect(read(root.yamlText).root?.outline == root.outline, "\(name)")
        }
    }

    @Test func `bytes of any kind do not crash the parser`() async {
        for seed in UInt64(0)..<2000 {
            await Task.yield()
            var generator = SeededGenerator(seed: seed)
            let count = Int.random(in: 0...120, using: &generator)
            let range: ClosedRange<UInt8> = seed % 2 == 0 ? 0...255 : 9...126
            check((0..<count).map { _ in UInt8.random(in: range, using: &generator) }, "bytes, seed \(seed)")
        }
    }

    @Test func `damaged YAML does not crash the parser`() async {
        for seed in UInt64(0)..<4000 {
            await Task.yield()
            var generator = SeededGenerator(seed: seed)
            var bytes = Array(Self.samples[Int(seed % 3)].utf8)
            for _ in 0..<Int.random(in: 1...6, using: &generator) { damage(&bytes, &generator) }
            check(bytes, "damage, seed \(seed)")
        }
    }

    private func damage(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let marks = Array("\t\n \"'&*!|>[]{}:,-?#%@`<~\\".utf8)
        let mark = marks[Int.random(in: 0..<marks.count, using: &generator)]
        switch Int.random(in: 0...4, using: &generator) {
        case 0: bytes[place] = mark
        case 1: bytes.insert(mark, at: place)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: bytes[place...].prefix(20), at: place / 2)
        default: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        }
        if bytes.isEmpty { bytes = [0x0A] }
    }
}
