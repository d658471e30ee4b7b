/// One event of libyaml's parser, in Swift's terms.
struct ParserEvent {
    enum Kind {
        case streamEnd
        case documentStart
        case alias(String)
        case scalar(Scalar)
        case sequenceStart(Properties)
        case mappingStart(Properties)
        /// The end of a sequence, a mapping or a document: the reader pairs them.
        case end
    }

    struct Properties {
        var anchor: String?
        var tag: String?
    }

    struct Scalar {
        enum Style { case plain, quoted, block }
        let text: String
        let style: Style
        let properties: Properties
    }

    let kind: Kind
    let start: SourceText.Mark
    let end: SourceText.Mark
}
