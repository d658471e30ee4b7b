import RecastManifest
import RecastModel
import Testing

/// What a service says of its database.
@Suite struct SchemaPolicyTests {
    @Test(
        arguments: [
            ("{works: 42-44}", SchemaPolicy(works: 42...44)), ("{works: 44}", SchemaPolicy(works: 44...44)),
            ("{works: 42-, name: orders}", SchemaPolicy(name: "orders", works: 42...Int.max)),
            ("{head: 20260131174502}", SchemaPolicy(head: 20_260_131_174_502)),
            ("{works: 43-44, head: 44}", SchemaPolicy(works: 43...44, head: 44)),
        ] as [(String, SchemaPolicy)])
    func `a service says with what it works, and what it makes`(line: String, schema: SchemaPolicy) {
        let project = project("x-recast: {schema: \(line)}")
        #expect(project.load().diagnostics == [])
        #expect(project.load().desired?.instances.map(\.schema) == [schema])
    }

    @Test(arguments: [
        ("{1️⃣schema: {}}", "missing-key"), ("{1️⃣schema: {name: x}}", "missing-key"),
        ("{schema: {works: 1️⃣44-42}}", "bad-value"), ("{schema: {works: 1️⃣new}}", "bad-value"),
        ("{schema: {head: 1️⃣-1}}", "bad-value"),
        ("{schema: {head: 1️⃣0044}}", "bad-value"), ("{schema: {works: 1️⃣0044}}", "bad-value"),
        ("{schema: {works: 1️⃣0042-0044}}", "bad-value"), ("{schema: {head: 1️⃣3f2a}}", "wrong-type"),
        ("{schema: {head: 1, name: 1️⃣a b}}", "bad-value"), ("{schema: {works: 42-43, head: 1️⃣44}}", "conflict"),
        ("{schema: {1️⃣version: 4}}", "unknown-key"),
    ])
    func `what makes no sense is shown where it stands`(line: String, code: String) {
        let project = project("x-recast: " + line)
        #expect(project.mistakes.contains("1 manifest.\(code)"), "\(project.mistakes)")
    }
}
