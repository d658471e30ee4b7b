import FoundationEssentials
import RecastModel
import RecastYAML

@testable import RecastManifest

/// A folder of recorded cases of compose loaders, which the project does not hold.
struct ConformanceCases {
    /// What the environment variable RECAST_CONFORMANCE names.
    static let folder = ProcessInfo.processInfo.environment["RECAST_CONFORMANCE"].flatMap { $0.isEmpty ? nil : $0 }

    /// Cases that may differ, `GROUP/CASE REASON` a line, beside the script that runs the other groups.
    private static let excused: Set<String> = {
        let path = #filePath.components(separatedBy: "/Tests/")[0] + "/scripts/conformance-excuses"
        let lines = text(of: path).split(separator: "\n").filter { !$0.hasPrefix("#") }
        return Set(lines.compactMap { $0.split(separator: " ").first.map(String.init) })
    }()

    /// The names of a group's cases that differ without an excuse; prints how many passed, differ and are excused.
    static func check(_ group: String, _ cases: [(name: String, passes: Bool)]) -> [String] {
        let failing = cases.filter { !$0.passes }.map(\.name)
        let differing = failing.filter { !excused.contains("\(group)/\($0)") }
        print(
            "\(group): \(cases.count - failing.count) passed / \(differing.count) differing / "
                + "\(failing.count - differing.count) excused")
        return differing
    }

    /// The subfolders of a group, by name.
    static func names(of group: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path(group))) ?? []).sorted()
    }

    /// One file of a case.
    static func tree(_ parts: String...) -> YAMLNode {
        ComposeTree.node(text(of: path(parts.joined(separator: "/"))))
    }

    /// The lines of a table; JSON is YAML.
    static func table(_ name: String) -> [YAMLNode] {
        text(of: path("tables/\(name).jsonl")).split(separator: "\n").map { ComposeTree.node(String($0)) }
    }

    private static func path(_ name: String) -> String { "\(folder ?? "")/\(name)" }

    private static func text(of path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
