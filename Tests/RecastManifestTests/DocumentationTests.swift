import Testing

@testable import RecastManifest

/// The pages under `docs/reference` that are written by hand, as far as the program must agree with them.
@Suite struct DocumentationTests {
    @Test func `every key of an environment is documented`() {
        let environment = GeneratedPage.committed("environment")
        for key in Schema.environment.fields.keys.sorted() {
            #expect(environment.contains("`\(key)`"), "\(key)")
        }
    }

    @Test func `the schema knows the 93 service keys of compose-spec`() {
        #expect(Schema.service.fields.keys.count { $0 != "x-recast" } == 93)
    }
}
