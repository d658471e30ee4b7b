import RecastModel

extension TreeBuilder {
    mutating func node(of scalar: ParserEvent.Scalar, at event: ParserEvent) -> YAMLNode {
        let place = scalar.isAbsent ? event.start : place(of: event, scalar.properties)
        var node = YAMLNode(content(of: scalar, at: event), at: source.position(place), text: scalar.text)
        node.quoted = scalar.style != .plain
        node.tag = scalar.properties.tag.flatMap { StandardTag($0) == nil ? $0 : nil }
        node.textPosition = source.position(textPlace(of: scalar, at: place))
        return node
    }

    /// An event starts at its anchor or tag; a caret belongs under the value.
    func place(of event: ParserEvent, _ properties: ParserEvent.Properties) -> SourceText.Mark {
        properties.anchor == nil && properties.tag == nil
            ? event.start : source.skippingProperties(from: event.start)
    }

    private func textPlace(of scalar: ParserEvent.Scalar, at place: SourceText.Mark) -> SourceText.Mark {
        switch scalar.style {
        case .plain: place
        case .quoted: SourceText.Mark(line: place.line, column: place.column + 1)
        case .block: source.blockText(after: place)
        }
    }

    private mutating func content(of scalar: ParserEvent.Scalar, at event: ParserEvent) -> YAMLNode.Content {
        let untagged: YAMLNode.Content =
            scalar.style == .plain ? ScalarTyping.content(ofPlain: scalar.text) : .string(scalar.text)
        guard let tag = scalar.properties.tag else { return untagged }
        // go-yaml types nothing that has a tag of its own; but nothing stays nothing.
        guard let standard = StandardTag(tag) else { return untagged == .null ? .null : .string(scalar.text) }
        if let content = standard.content(of: scalar.text) { return content }
        report(
            Refusal(
                .badTag, "'\(scalar.text)' cannot be read as \(standard.name)", at: source.position(event.start),
                length: event.width, help: "remove the tag"))
        return untagged
    }

    /// The document's own tag; one of YAML's must fit.
    mutating func ownTag(ofCollection properties: ParserEvent.Properties, at event: ParserEvent) -> String? {
        guard let tag = properties.tag else { return nil }
        guard let standard = StandardTag(tag) else { return tag }
        switch (standard, event.kind) {
        case (.other("seq"), .sequenceStart), (.other("map"), .mappingStart): break
        default:
            report(
                Refusal(
                    .badTag, "this value cannot be read as \(standard.name)", at: source.position(event.start),
                    help: "remove the tag"))
        }
        return nil
    }
}

extension ParserEvent {
    /// Characters from start to end when both are on one line, for a caret's length.
    var width: Int { start.line == end.line ? max(1, end.column - start.column) : 1 }
}

extension ParserEvent.Scalar {
    /// Nothing is written here, as behind the colon of `key:`.
    var isAbsent: Bool { style == .plain && text.isEmpty }
}

/// The tags of YAML itself, in either spelling.
private enum StandardTag: Equatable {
    /// `!`: text, whatever it looks like.
    case nonSpecific
    case str, int, float, bool, null
    case other(String)

    init?(_ tag: String) {
        let prefix = "tag:yaml.org,2002:"
        guard tag != "!" else {
            self = .nonSpecific
            return
        }
        guard tag.hasPrefix(prefix) else { return nil }
        let name = String(tag.dropFirst(prefix.count))
        switch name {
        case "str", "timestamp": self = .str
        case "int": self = .int
        case "float": self = .float
        case "bool": self = .bool
        case "null": self = .null
        default: self = .other(name)
        }
    }

    var name: String {
        switch self {
        case .nonSpecific: "!"
        case .other(let name): "!!\(name)"
        default: "!!\(self)"
        }
    }

    /// `nil` when the text is no such value.
    func content(of text: String) -> YAMLNode.Content? {
        let content = ScalarTyping.content(ofPlain: text)
        switch (self, content) {
        case (.nonSpecific, _), (.str, _): return .string(text)
        case (.int, .int), (.int, .bigInt), (.float, .float), (.bool, .bool), (.null, .null): return content
        case (.float, .int(let value)): return .float(Double(value))
        case (.other("merge"), _): return text == "<<" ? .string(text) : nil
        default: return nil
        }
    }
}
