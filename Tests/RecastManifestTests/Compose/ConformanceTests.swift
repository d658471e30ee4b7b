import RecastModel
import RecastYAML
import Testing

@testable import RecastManifest

/// The groups of recorded cases that need no program: merging, unicity, normalization, and the grammars of values.
@Suite(.enabled(if: ConformanceCases.folder != nil, "RECAST_CONFORMANCE names no folder of cases"))
struct ConformanceTests {
    @Test func `two files are merged as recorded`() {
        let cases = ConformanceCases.names(of: "merge").map { name in
            let base = ConformanceCases.tree("merge", name, "base.yaml")
            let over = ConformanceCases.tree("merge", name, "override.yaml")
            let expected = ConformanceCases.tree("merge", name, "expected.yaml")
            return (name, canonical([base, over]) == canonical([expected]))
        }
        #expect(cases.count > 60)
        #expect(ConformanceCases.check("merge", cases) == [])
    }

    @Test func `repeated items are one as recorded`() {
        let cases = ConformanceCases.names(of: "unicity").map { name in
            let input = ConformanceCases.tree("unicity", name, "input.yaml")
            let expected = ConformanceCases.tree("unicity", name, "expected.yaml")
            return (name, canonical([input]) == canonical([expected]))
        }
        #expect(cases.count > 3)
        #expect(ConformanceCases.check("unicity", cases) == [])
    }

    @Test func `a project is completed as recorded`() {
        let cases = ConformanceCases.names(of: "normalize").map { name in
            var root = ConformanceCases.tree("normalize", name, "input.yaml")
            let expected = ConformanceCases.tree("normalize", name, "expected.yaml")
            let variables = ConformanceCases.tree("normalize", name, "case.json")["env"]
            let lookup = { variables?[$0]?.string }
            VariableResolution(lookup: lookup).apply(to: &root)
            Normalization(projectName: root["name"]?.string ?? "", lookup: lookup).apply(to: &root)
            return (name, root.plain == expected.plain)
        }
        #expect(cases.count > 8)
        #expect(ConformanceCases.check("normalize", cases) == [])
    }

    @Test(arguments: [("interpolation", 74), ("dotenv", 93), ("port", 15), ("volume", 76)])
    func `a table is read as recorded`(table: String, count: Int) {
        let rows = ConformanceCases.table(table)
        #expect(rows.count >= count)
        let cases = rows.enumerated().map { index, row in
            let line = row["line"]?.formattedText ?? ""
            return ("\(table):\(line):\(index + 1)", result(of: row, in: table) == row["result"]?.plain)
        }
        #expect(ConformanceCases.check("tables", cases) == [])
    }

    /// The canonical form of files that are laid over each other.
    private func canonical(_ files: [YAMLNode]) -> PlainValue? {
        var merged: YAMLNode?
        var merger = Merger()
        for file in files {
            var conformer = Conformer()
            guard let over = conformer.conform(file, to: .object(Schema.manifest), at: TreePath()) else { return nil }
            merged = merged.map { merger.merge($0, over, as: .object(Schema.manifest), at: TreePath()) } ?? over
        }
        var settler = Settler()
        var typing = Typing()
        return merged.map {
            let settled = settler.settle($0, as: .object(Schema.manifest), at: TreePath())
            return typing.type(settled, as: .object(Schema.manifest), at: TreePath()).plain
        }
    }

    /// `nil` for an error.
    private func result(of row: YAMLNode, in table: String) -> PlainValue? {
        switch table {
        case "interpolation": try? interpolated(row)
        case "dotenv": try? variables(row)
        case "port": expanded(row, as: .port)
        default: expanded(row, as: .mount)
        }
    }

    private func interpolated(_ row: YAMLNode) throws -> PlainValue {
        let lookups = row["lookups"]
        return try .scalar(.string(Interpolation(row["template"]?.string ?? "").evaluate { lookups?[$0]?.string }.text))
    }

    private func variables(_ row: YAMLNode) throws -> PlainValue {
        let lookups = row["lookups"]
        var variables = (row["before"]?.entries ?? []).reduce(into: [String: String]()) { $0[$1.key] = $1.value.string }
        let file = try Dotenv(row["src"]?.string ?? "", earlier: variables, allowsNameless: true) {
            lookups?[$0]?.string
        }
        for entry in file.entries { variables[entry.name] = entry.value }
        return .map(variables.mapValues { .scalar(.string($0)) })
    }

    /// A list for ports, which may stand for several.
    private func expanded(_ row: YAMLNode, as form: ShortForm) -> PlainValue? {
        let text = YAMLNode(.string(row["spec"]?.string ?? ""), at: row.position)
        var expansion = ShortExpansion(text, at: TreePath("services", "a"))
        var objects = expansion.expand(form)
        for index in objects.indices where form == .mount {
            // The record does not say that a missing host path is made.
            objects[index].change("bind") { $0.remove("create_host_path") }
        }
        return form == .port && !objects.isEmpty ? .list(objects.map(\.plain)) : objects.first?.plain
    }
}
