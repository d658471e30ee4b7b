import RecastYAML

extension ComposeProject {
    /// The canonical form, as `docker compose config --format json` prints it.
    package var json: [UInt8] {
        ComposeJSON.bytes(of: PrintedForm(.json).of(root), doublesDollars: isInterpolated)
    }

    /// A compose file that Docker Compose reads as this project.
    package var yaml: String {
        let printed = PrintedForm(.yaml).of(root)
        return (isInterpolated ? printed.doublingDollars : printed).yamlText
    }
}

extension YAMLNode {
    /// Every `$` of a value means itself where variables are replaced; keys are never looked at.
    var doublingDollars: YAMLNode {
        switch content {
        case .string(let text):
            text.utf8.contains(UInt8(ascii: "$")) ? replacing(.string(text.replacing("$", with: "$$"))) : self
        case .sequence(let items): replacing(.sequence(items.map(\.doublingDollars)))
        case .mapping(let entries):
            replacing(
                .mapping(
                    entries.map { Entry(key: $0.key, keyPosition: $0.keyPosition, value: $0.value.doublingDollars) }))
        default: self
        }
    }
}
