import RecastModel

/// Turns events into one tree: types scalars, resolves aliases and merge keys, and keeps within the limits.
struct TreeBuilder: ~Copyable {
    /// Nesting that no manifest needs, and that the stack of a recursive walk bears many times over.
    static let depthLimit = 100
    /// Values of one document, and of them those that aliases stand for.
    ///
    /// What an alias stands for counts each time: values share storage here, but every walk over the tree visits each
    /// anew.
    static let valueLimit = 1_000_000
    static let aliasLimit = 100_000
    /// Where aliases stand for so many times what is written, and for more than a person would repeat, they are a bomb;
    /// go-yaml's measure.
    private static let aliasRatio = 99
    private static let fewAliases = 1000

    /// A finished node and what a walk over it costs.
    struct Subtree {
        var node: YAMLNode
        /// Values; keys do not count.
        var count = 1
        /// 0 for a scalar, 1 for a flat collection.
        var height = 0

        mutating func add(_ part: Subtree) {
            count += part.count
            height = max(height, part.height + 1)
        }
    }

    private enum Anchor {
        /// The anchored collection has begun and not ended.
        case open
        case finished(Subtree)
    }

    private var events: EventReader
    let source: SourceText
    private var anchors: [String: Anchor] = [:]
    /// Values of the document so far.
    private var count = 0
    /// Of them, what aliases stand for.
    private var aliased = 0
    private var diagnostics: [Diagnostic] = []

    init(_ events: consuming EventReader, of source: SourceText) {
        self.events = events
        self.source = source
    }

    /// `limit`: how many documents the file may hold.
    mutating func build(limit: Int?) -> YAMLParser.Stream {
        var documents: [YAMLNode] = []
        do throws(Refusal) {
            try readDocuments(into: &documents, limit: limit)
        } catch {
            diagnostics.append(error.diagnostic)
        }
        return YAMLParser.Stream(
            documents: documents, diagnostics: diagnostics.sorted { $0.position < $1.position })
    }

    /// Records a fault that the rest of the file can be read in spite of.
    mutating func report(_ refusal: Refusal) {
        diagnostics.append(refusal.diagnostic)
    }

    private mutating func next() throws(Refusal) -> ParserEvent {
        do throws(EventReader.Failure) {
            return try events.next()
        } catch {
            throw Refusal(SyntaxProblem(error, in: source).diagnostic)
        }
    }

    private mutating func nextUntilEnd() throws(Refusal) -> ParserEvent? {
        let event = try next()
        if case .end = event.kind { return nil }
        return event
    }
}

// MARK: - Documents

extension TreeBuilder {
    /// Documents without content, such as what follows a last `---`, do not count.
    private mutating func readDocuments(into documents: inout [YAMLNode], limit: Int?) throws(Refusal) {
        while true {
            let event = try next()
            switch event.kind {
            case .streamEnd: return
            case .documentStart:
                let first = try next()
                if case .scalar(let scalar) = first.kind, scalar.isAbsent { continue }
                if let limit, documents.count >= limit { throw secondDocument(at: event) }
                anchors = [:]
                count = 0
                aliased = 0
                documents.append(try subtree(from: first, depth: 0).node)
            default: continue
            }
        }
    }

    private func secondDocument(at event: ParserEvent) -> Refusal {
        Refusal(
            .multipleDocuments, "a second YAML document starts here; a file holds one",
            at: source.position(event.start), length: 3, help: "move it to a file of its own")
    }
}

// MARK: - Nodes

extension TreeBuilder {
    /// The node that an event begins, read to its end; `depth` counts the collections around it.
    private mutating func subtree(from event: ParserEvent, depth: Int) throws(Refusal) -> Subtree {
        switch event.kind {
        case .alias(let name): return try alias(to: name, at: event, depth: depth)
        case .scalar(let scalar):
            let made = Subtree(node: node(of: scalar, at: event))
            finish(made, scalar.properties)
            return made
        case .sequenceStart(let properties):
            var made = try begin(properties, at: event, depth: depth)
            try addItems(to: &made, depth: depth + 1)
            finish(made, properties)
            return made
        case .mappingStart(let properties):
            var made = try begin(properties, at: event, depth: depth)
            try addEntries(to: &made, depth: depth + 1)
            finish(made, properties)
            return made
        case .streamEnd, .documentStart, .end:
            preconditionFailure("libyaml ends only what it has begun")
        }
    }

    private mutating func value(from event: ParserEvent, depth: Int) throws(Refusal) -> Subtree {
        count += 1
        guard count <= Self.valueLimit else { throw tooManyValues(at: event) }
        return try subtree(from: event, depth: depth)
    }

    private mutating func begin(
        _ properties: ParserEvent.Properties, at event: ParserEvent, depth: Int
    ) throws(Refusal) -> Subtree {
        guard depth < Self.depthLimit else { throw tooDeep(at: event) }
        if let anchor = properties.anchor { anchors[anchor] = .open }
        var node = YAMLNode(.null, at: source.position(place(of: event, properties)))
        node.tag = ownTag(ofCollection: properties, at: event)
        return Subtree(node: node, height: 1)
    }

    private mutating func finish(_ made: Subtree, _ properties: ParserEvent.Properties) {
        if let anchor = properties.anchor { anchors[anchor] = .finished(made) }
    }

    private mutating func addItems(to made: inout Subtree, depth: Int) throws(Refusal) {
        var items: [YAMLNode] = []
        while let event = try nextUntilEnd() {
            let item = try value(from: event, depth: depth)
            made.add(item)
            items.append(item.node)
        }
        made.node.content = .sequence(items)
    }

    private mutating func addEntries(to made: inout Subtree, depth: Int) throws(Refusal) {
        var draft = MappingDraft()
        while let event = try nextUntilEnd() {
            let key = try subtree(from: event, depth: depth)
            let value = try value(from: try next(), depth: depth)
            made.height = max(made.height, key.height + 1)
            made.add(value)
            do throws(Refusal) {
                try draft.add(key.node, value.node)
            } catch {
                report(error)
            }
        }
        made.node.content = .mapping(draft.entries)
    }
}

// MARK: - Aliases

extension TreeBuilder {
    private mutating func alias(to name: String, at event: ParserEvent, depth: Int) throws(Refusal) -> Subtree {
        let position = source.position(event.start)
        switch anchors[name] {
        case .finished(var target):
            count += target.count - 1
            aliased += target.count
            let isBomb = aliased > Self.fewAliases && aliased > Self.aliasRatio * (count - aliased)
            guard aliased <= Self.aliasLimit, !isBomb else { throw tooManyAliases(at: event) }
            guard depth + target.height <= Self.depthLimit else { throw tooDeep(at: event) }
            target.node.position = position
            return target
        case .open:
            report(
                Refusal(
                    .cyclicAlias, "the alias '*\(name)' stands inside of what '&\(name)' names", at: position,
                    length: event.width))
        case nil:
            report(
                Refusal(
                    .unknownAlias, "no anchor '&\(name)' stands before this alias", at: position,
                    length: event.width, help: "write &\(name) before the value that it shall repeat"))
        }
        return Subtree(node: YAMLNode(.null, at: position))
    }

    private func tooManyAliases(at event: ParserEvent) -> Refusal {
        Refusal(
            .tooManyAliases, "the aliases of this document stand for \(aliased) values and more",
            at: source.position(event.start), length: event.width, help: "use fewer aliases to aliases")
    }

    private func tooManyValues(at event: ParserEvent) -> Refusal {
        Refusal(
            .tooManyValues, "this document has more than \(Self.valueLimit) values", at: source.position(event.start),
            length: event.width, help: "divide it into several files")
    }

    private func tooDeep(at event: ParserEvent) -> Refusal {
        Refusal(
            .tooDeep, "values are nested more than \(Self.depthLimit) levels deep here",
            at: source.position(event.start), length: event.width)
    }
}
