import CYAML

/// The one owner of a libyaml parser and of the bytes that it reads.
@safe struct EventReader: ~Copyable {
    /// What libyaml says of a file that it cannot read.
    struct Failure: Error {
        let problem: String
        let mark: SourceText.Mark
        let context: String?
        let contextMark: SourceText.Mark
    }

    // On the heap, for libyaml keeps pointers into both until `deinit` frees them.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    /// `bytes`: valid UTF-8 without a byte order mark.
    init(_ bytes: ArraySlice<UInt8>) {
        unsafe parser = .allocate(capacity: 1)
        unsafe input = .allocate(capacity: bytes.count)
        _ = unsafe input.initialize(fromContentsOf: bytes)
        // Initialises the whole struct whether it succeeds or not.
        let made = unsafe yaml_parser_initialize(parser)
        precondition(made == 1, "libyaml has no memory for a parser")
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, input.baseAddress, input.count)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe input.deallocate()
    }

    mutating func next() throws(Failure) -> ParserEvent {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure }
        // libyaml filled the event in; all that is kept of it is copied before it goes.
        defer { unsafe yaml_event_delete(&event) }
        return unsafe ParserEvent(event)
    }

    private var failure: Failure {
        let state = unsafe parser.pointee
        return unsafe Failure(
            problem: String(optional: state.problem) ?? "the text cannot be read",
            mark: SourceText.Mark(state.problem_mark),
            context: String(optional: state.context),
            contextMark: SourceText.Mark(state.context_mark))
    }
}

extension ParserEvent {
    /// Copies; the union member that is read is always the one that `type` names.
    fileprivate init(_ event: yaml_event_t) {
        unsafe start = SourceText.Mark(event.start_mark)
        unsafe end = SourceText.Mark(event.end_mark)
        switch unsafe event.type {
        case YAML_STREAM_END_EVENT: kind = .streamEnd
        case YAML_DOCUMENT_START_EVENT: kind = .documentStart
        case YAML_ALIAS_EVENT: kind = unsafe .alias(String(optional: event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT: kind = unsafe .scalar(Scalar(event))
        case YAML_SEQUENCE_START_EVENT:
            let data = unsafe event.data.sequence_start
            kind = unsafe .sequenceStart(Properties(anchor: data.anchor, tag: data.tag))
        case YAML_MAPPING_START_EVENT:
            let data = unsafe event.data.mapping_start
            kind = unsafe .mappingStart(Properties(anchor: data.anchor, tag: data.tag))
        default: kind = .end
        }
    }
}

extension ParserEvent.Scalar {
    fileprivate init(_ event: yaml_event_t) {
        let data = unsafe event.data.scalar
        // `length` bytes of UTF-8 at `value`, which lives as long as the event.
        let bytes = unsafe UnsafeBufferPointer(start: data.value, count: data.length)
        text = unsafe String(decoding: bytes, as: UTF8.self)
        switch unsafe data.style {
        case YAML_PLAIN_SCALAR_STYLE: style = .plain
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: style = .block
        default: style = .quoted
        }
        properties = unsafe ParserEvent.Properties(anchor: data.anchor, tag: data.tag)
    }
}

extension ParserEvent.Properties {
    fileprivate init(anchor: UnsafeMutablePointer<yaml_char_t>?, tag: UnsafeMutablePointer<yaml_char_t>?) {
        unsafe self.init(anchor: String(optional: anchor), tag: String(optional: tag))
    }
}

extension SourceText.Mark {
    fileprivate init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line), column: Int(mark.column))
    }
}

extension String {
    // libyaml's strings end with a zero byte and are UTF-8 (checked before it saw them) or its own ASCII.
    fileprivate init?(optional pointer: UnsafePointer<CChar>?) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.init(cString: pointer)
    }

    fileprivate init?(optional pointer: UnsafeMutablePointer<yaml_char_t>?) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.init(cString: pointer)
    }
}
