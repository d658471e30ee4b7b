import RecastManifest

/// An example for each fault of the YAML itself.
enum YAMLExamples {
    static let all = [
        manifest("syntax", "services:\n  web: { image: nginx\n"),
        manifest("syntax", "services:\n  web:\n    image: nginx\n   ports: []"),
        manifest("tab", "services:\n\tweb: { image: nginx }"),
        Example(
            code: "yaml.encoding",
            project: with { $0.raw[Project.manifestPath] = Array("name: caf".utf8) + [0xE9, 0x0A] },
            shown: [], remark: "Where a manifest is written in Latin-1:"),
        Example(
            code: "yaml.multiple-documents",
            project: Project(environment: MarkedText(stringLiteral: Project.oneHost.text + "\n---\nname: other")),
            shown: [Project.environmentPath], remark: nil),
        manifest("duplicate-key", "services:\n  web: { image: nginx }\n  web: { image: httpd }"),
        manifest("key-not-text", "services:\n  1: { image: nginx }"),
        manifest("bad-merge", "services:\n  web: { image: nginx, <<: text }"),
        manifest("bad-tag", "services:\n  web: { image: nginx, tty: !!bool perhaps }"),
        manifest("unknown-alias", "services:\n  web: { image: nginx, labels: *common }"),
        manifest("cyclic-alias", "services:\n  web: &web { image: nginx, labels: *web }"),
        bomb,
        Example(
            code: "yaml.too-many-values",
            project: with {
                $0.raw[Project.manifestPath] = Array(("x-a:\n" + String(repeating: "- a\n", count: 1_000_001)).utf8)
            },
            shown: [], remark: "Where a manifest holds a list of more than a million values:"),
        Example(
            code: "yaml.too-deep",
            project: with { $0.raw[Project.manifestPath] = Array(("x-a: " + String(repeating: "[", count: 200)).utf8) },
            shown: [], remark: "Where a manifest opens 200 lists in each other:"),
    ]

    private static let bomb: Example = {
        let levels = (1...6).map { level in
            "  - &l\(level) [" + Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ") + "]\n"
        }
        return manifest("too-many-aliases", "x-lists:\n  - &l0 lol\n" + levels.joined())
    }()

    private static func manifest(_ code: String, _ text: String) -> Example {
        Example(
            code: "yaml.\(code)", project: Project(MarkedText(stringLiteral: text)), shown: [Project.manifestPath],
            remark: nil)
    }

    private static func with(_ change: (inout Project) -> Void) -> Project {
        var project = Project("services: { web: { image: nginx } }")
        change(&project)
        return project
    }
}
