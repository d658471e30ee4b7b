package import RecastModel
import RecastYAML

/// Which value of a YAML file stands at a place.
package struct SourcePaths {
    private struct Mark {
        let position: SourcePosition
        let path: ValuePath
    }

    /// Of each file, in the order of the text.
    private var files: [String: [Mark]] = [:]

    /// `sources`: files by the name that positions use; what is no YAML has no paths.
    package init(_ sources: [String: [UInt8]]) {
        for (file, bytes) in sources {
            var marks: [Mark] = []
            for document in YAMLParser(file: file).parseDocuments(bytes).documents {
                Self.add(document, at: ValuePath(keys: []), to: &marks)
            }
            // A value begins where the collection around it does, or behind its key: the longer path is meant.
            files[file] = marks.sorted { ($0.position, $0.path.keys.count) < ($1.position, $1.path.keys.count) }
        }
    }

    /// Such as `services.web.ports.0`; `nil` for the file as a whole.
    package func path(at position: SourcePosition) -> String? {
        guard let path = files[position.file]?.last(where: { $0.position <= position })?.path, !path.keys.isEmpty
        else { return nil }
        return path.description
    }

    /// What an alias or a merge key brings in stands elsewhere.
    private static func add(_ node: YAMLNode, at path: ValuePath, to marks: inout [Mark]) {
        marks.append(Mark(position: node.position, path: path))
        guard node.textPosition >= node.position else { return }
        for (index, item) in (node.items ?? []).enumerated() { add(item, at: path.appending("\(index)"), to: &marks) }
        for entry in node.entries ?? [] where entry.keyPosition >= node.position {
            let path = path.appending(entry.key)
            marks.append(Mark(position: entry.keyPosition, path: path))
            add(entry.value, at: path, to: &marks)
        }
    }
}
