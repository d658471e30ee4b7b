package import RecastModel

/// A YAML value that knows where it stands, down to the last scalar.
package struct YAMLNode: Hashable, Sendable {
    package indirect enum Content: Hashable, Sendable {
        case null
        case bool(Bool)
        case int(Int64)
        /// An integer too large for 64 bits keeps its digits.
        case bigInt(String)
        case float(Double)
        case string(String)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    /// One `key: value`, in the order of the file.
    ///
    /// Keys are unique within a mapping; merge keys (`<<`) are resolved.
    package struct Entry: Hashable, Sendable {
        package var key: String
        package var keyPosition: SourcePosition
        package var value: YAMLNode

        package init(key: String, keyPosition: SourcePosition, value: YAMLNode) {
            self.key = key
            self.keyPosition = keyPosition
            self.value = value
        }
    }

    package var content: Content
    /// Where the value starts.
    ///
    /// For an alias: where the alias stands, not its anchor.
    package var position: SourcePosition
    /// The scalar's text as written, before typing (`1.10`, `010`, `no`); for collections `nil`.
    package var text: String?
    /// Written in quotes or as a block: always a string.
    package var quoted: Bool
    /// A tag of the document's own, such as `!reset` or `!override`.
    package var tag: String?
    /// How the value came to be here; what happened last comes first.
    package var trail: [Derivation] = []
    /// Where the first character of a scalar's text stands: behind the quote, on the line after a `|`; for an alias,
    /// in the text of its anchor.
    ///
    /// Otherwise `position`.
    package var textPosition: SourcePosition

    /// What stood between a value's text and its place in the result.
    package enum Derivation: Hashable, Sendable {
        /// It took the place of the value at this position.
        case overrides(SourcePosition)
        /// It came with the service that this one extends, named at this position.
        case inherited(from: String, SourcePosition)
        /// It came with a file that is included at this position.
        case included(SourcePosition)
        /// These variables went into it.
        case variables([String])
    }

    package init(
        _ content: Content, at position: SourcePosition, text: String? = nil, quoted: Bool = false,
        tag: String? = nil, textPosition: SourcePosition? = nil
    ) {
        self.content = content
        self.position = position
        self.text = text
        self.quoted = quoted
        self.tag = tag
        self.textPosition = textPosition ?? position
    }
}
