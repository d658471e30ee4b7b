import RecastModel
import RecastYAML

/// `x-recast.schema`: with what a service's program works, and what it makes of a database.
extension ServiceReader {
    mutating func readSchema() {
        guard let field = root.at("x-recast", "schema") else { return }
        guard field["works"] != nil || field["head"] != nil else {
            report.error(.missingKey, "\(field.path) says nothing", at: field.keyPlace, help: "add `works` or `head`")
            return
        }
        var schema = SchemaPolicy(name: name(field["name"]) ?? "main")
        schema.works = versions(field["works"])
        schema.head = head(field["head"])
        if let head = schema.head, let works = schema.works, !works.contains(head), let place = field["head"]?.place {
            report.error(
                .conflict, "\(field.path): the program does not work with \(head), to which it brings the database",
                at: place, help: "let `works` contain \(head)")
        }
        service.schema = schema
    }

    private mutating func name(_ field: Field?) -> String? {
        guard let field, let text = report.string(field) else { return nil }
        let isWord = !text.isEmpty && text.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "_-".contains($0) }
        if !isWord { report.badValue(field, "is '\(text)'; it can have letters, digits, - and _") }
        return text
    }

    private mutating func head(_ field: Field?) -> Int? {
        guard let field else { return nil }
        if isPadded(field) {
            report.badValue(field, "begins with a zero, and means another number to YAML", help: "write it without")
            return nil
        }
        return report.integer(field, in: 0...Int64.max).map { Int($0) }
    }

    private func isPadded(_ field: Field) -> Bool {
        field.node.text.map { $0.hasPrefix("0") && $0 != "0" } ?? false
    }

    private mutating func versions(_ field: Field?) -> ClosedRange<Int>? {
        guard let field, let text = field.node.formattedText else { return nil }
        if !isPadded(field), let versions = SchemaPolicy.versions(text) { return versions }
        report.badValue(field, "is '\(field.node.text ?? text)'; it can be 44, 42-44, or 42- for 42 and later")
        return nil
    }
}
