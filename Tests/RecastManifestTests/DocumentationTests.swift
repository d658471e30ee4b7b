import Foundation
import RecastModel
import Testing

@testable import RecastManifest

/// The pages under `docs/reference`, as far as the program must agree with them.
enum Documentation {
    static func page(_ name: String) -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return (try? String(contentsOf: root.appending(path: "docs/reference/\(name).md"), encoding: .utf8)) ?? ""
    }

    /// The codes of both pages' tables.
    static let codes: [String] = Domain.allCases.flatMap { domain in
        page(domain.rawValue).split(separator: "\n").compactMap { line in
            line.hasPrefix("| `\(domain.rawValue).") ? String(line.dropFirst(3).prefix { $0 != "`" }) : nil
        }
    }
}

@Suite struct DocumentationTests {
    @Test func `every code is documented, and every documented code is one`() {
        let known = Set(Code.allCases.map(\.rawValue))
        let documented = Documentation.codes.map { String($0.drop { $0 != "." }.dropFirst()) }
        #expect(Set(documented) == known)
        #expect(Set(Documentation.codes).count == Documentation.codes.count)
    }

    @Test func `every key of the schema is documented`() {
        let manifest = Documentation.page("manifest")
        let objects = [Schema.manifest, Schema.service, Schema.network, Schema.volume]
        for key in objects.flatMap({ $0.fields.keys.sorted() }) {
            #expect(manifest.contains("`\(key)`"), "\(key)")
        }
        let environment = Documentation.page("environment")
        for key in Schema.environment.fields.keys.sorted() {
            #expect(environment.contains("`\(key)`"), "\(key)")
        }
    }

    @Test func `the schema knows the 93 service keys of compose-spec`() {
        #expect(Schema.service.fields.keys.count { $0 != "x-recast" } == 93)
    }
}
