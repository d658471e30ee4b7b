import RecastModel
import RecastYAML

@testable import RecastManifest

/// A canonical tree in marked text, put through the stages behind the merge.
struct ComposeTree {
    static let path = "compose.yaml"

    let text: MarkedText
    var options = ProjectOptions(projectName: "shop", projectDirectory: "/srv/shop")
    var files: [String: MarkedText] = [:]
    var variables: [String: String] = [:]

    init(
        _ text: MarkedText, variables: [String: String] = [:], files: [String: MarkedText] = [:],
        _ change: (inout ProjectOptions) -> Void = { _ in }
    ) {
        self.text = text
        self.files = files
        self.variables = variables
        change(&options)
    }

    static func node(_ text: String, file: String = Self.path) -> YAMLNode {
        let root = YAMLParser(file: file).parse(Array(text.utf8)).root
        return root ?? YAMLNode(.null, at: SourcePosition(file: file, line: 1, column: 1))
    }

    var project: ComposeProject {
        var options = options
        options.lookup = { variables[$0] }
        let reader = Files { path in files[path].map { .success(Array($0.text.utf8)) } ?? .failure(.notFound) }
        return ComposeProject(Self.node(text.text), options: options, files: reader)
    }

    /// `MARKER CODE`, with `warning` before the code; a place without a marker is spelled out.
    var mistakes: [String] {
        project.report.sorted().map { found in
            let marked = found.position.file == Self.path ? text : files[found.position.file]
            let place = marked?.marker(at: found.position).map(String.init) ?? found.position.description
            let severity = found.severity == .warning ? "warning " : ""
            return "\(place) \(severity)\(found.code.dropFirst("manifest.".count))"
        }
    }

    /// What stands at the keys of the resulting tree, as YAML in one line a value.
    func value(_ keys: String...) -> YAMLNode? {
        keys.reduce(Optional(project.root)) { $0?[$1] }
    }

    /// Whether the value at the keys means what the YAML text does.
    func has(_ keys: String..., equal text: String) -> Bool {
        let value = keys.reduce(Optional(project.root)) { $0?[$1] }
        return value.map(\.plain) == Self.node(text).plain
    }

    var json: String { String(decoding: project.json, as: UTF8.self) }
}

/// A value without its places, and mappings without their order.
indirect enum PlainValue: Hashable {
    case scalar(YAMLNode.Content)
    case list([PlainValue])
    case map([String: PlainValue])
}

extension YAMLNode {
    var plain: PlainValue {
        switch content {
        case .sequence(let items): .list(items.map(\.plain))
        case .mapping(let entries): .map(Dictionary(entries.map { ($0.key, $0.value.plain) }) { first, _ in first })
        default: .scalar(content)
        }
    }
}
