import RecastModel

extension EngineState {
    mutating func imageRoute(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        switch call.route {
        case "GET /images/json": return .json(200, .array(images.map(\.summary)))
        case "DELETE /images/*": return try removeImage(call.name)
        case "GET /images/*/json": return .json(200, try inspectImage(call.name))
        case "POST /images/create": return try pull(call)
        case "GET /distribution/*/json": return .json(200, try distribution(call.name))
        default: throw .noRoute
        }
    }

    private func inspectImage(_ reference: String) throws(Refusal) -> JSON {
        guard let stored = image(reference) else {
            let full = ImageReference(reference)?.description ?? reference
            throw Refusal(404, "no such image: \(reference): No such image: \(full)")
        }
        return stored.json(architecture: configuration.architecture)
    }

    /// By ID, or by a tag, which goes alone while there are others.
    private mutating func removeImage(_ reference: String) throws(Refusal) -> HTTPReply {
        guard let index = images.firstIndex(where: { $0.matches(reference) }) else {
            throw Refusal(404, "No such image: \(reference)")
        }
        let stored = images[index]
        let isTag = ImageReference(reference).map { stored.tags.contains($0.short) } ?? false
        if isTag, stored.tags.count > 1 {
            images[index].tags.remove(ImageReference(reference)?.short ?? "")
            return .json(200, [["Untagged": .string(reference)]])
        }
        let id = stored.image.id.dropFirst(7).prefix(12)
        if let user = containersInOrder.first(where: { $0.imageID == stored.image.id }) {
            let (how, state) = user.isActive ? ("cannot be forced", "running") : ("must be forced", "stopped")
            throw Refusal(
                409,
                "conflict: unable to delete \(id) (\(how)) - image is being used by \(state) container \(user.shortID)")
        }
        if !isTag, stored.repositories.count > 1 {
            throw Refusal(
                409, "conflict: unable to delete \(id) (must be forced) - image is referenced in multiple repositories")
        }
        images.remove(at: index)
        let names = (stored.tags.sorted() + stored.digests.sorted()).map {
            JSON(dictionaryLiteral: ("Untagged", .string($0)))
        }
        return .json(200, .array(names + [["Deleted": .string(stored.image.id)]]))
    }

    private func distribution(_ reference: String) throws(Refusal) -> JSON {
        if let failure = configuration.registry.failure { throw failure }
        guard let image = configuration.registry[reference] else {
            throw Refusal(404, "manifest unknown: manifest unknown")
        }
        return [
            "Descriptor": [
                "mediaType": "application/vnd.docker.distribution.manifest.v2+json", "digest": .string(image.digest),
                "size": 427,
            ],
            "Platforms": [["architecture": .string(configuration.architecture), "os": "linux"]],
        ]
    }

    private mutating func pull(_ call: EngineCall) throws(Refusal) -> HTTPReply {
        let (name, version) = (call.query["fromImage"] ?? "", call.query["tag"] ?? "")
        let separator = version.hasPrefix("sha256:") ? "@" : ":"
        let text = version.isEmpty ? name : name + separator + version
        guard let reference = ImageReference(text) else { throw Refusal(400, "invalid reference format") }
        if let failure = configuration.registry.failure { throw failure }
        guard let image = configuration.registry[text] else {
            throw Refusal(404, "manifest for \(reference.exact) not found: manifest unknown: manifest unknown")
        }
        let isThere = self.image(text)?.image.id == image.id
        let transfer = PullStream(reference: reference, image: image)
        if isThere { return transfer.upToDate }
        if image.pull.isComplete { store(image, as: text) }
        return transfer.reply
    }
}

extension SimulatedImage.Pull {
    var isComplete: Bool {
        switch self {
        case .succeeds, .takes: true
        case .fails, .isCut: false
        }
    }
}

/// The lines that a pull answers with.
private struct PullStream {
    let reference: ImageReference
    let image: SimulatedImage

    var upToDate: HTTPReply {
        stream([line([status: "Pulling from \(path)", "id": .string(version)])] + ending("Image is up to date for"))
    }

    var reply: HTTPReply {
        var pieces = [line([status: "Pulling from \(path)", "id": .string(version)])]
        for (index, size) in image.layers.enumerated() { pieces += layer(index, size) }
        switch image.pull {
        case .succeeds, .takes: pieces += ending("Downloaded newer image for")
        case .fails(let message):
            pieces.append(line(["errorDetail": ["message": .string(message)], "error": .string(message)]))
        case .isCut: pieces.append(.cut)
        }
        return stream(pieces)
    }

    private let status = "status"
    private var version: String { reference.digest ?? reference.tag ?? "latest" }
    private var path: String {
        let parts = reference.repository.split(separator: "/")
        return parts.dropFirst().joined(separator: "/")
    }

    init(reference: ImageReference, image: SimulatedImage) {
        self.reference = reference
        self.image = image
    }

    private func layer(_ index: Int, _ size: Int64) -> [HTTPReply.Piece] {
        let id = JSON.string(String(hexDigits(of: "layer \(index) \(size)").prefix(12)))
        let pause: [HTTPReply.Piece] = if case .takes(let duration) = image.pull { [.pause(duration)] } else { [] }
        let progress = [size / 2, size].map { current in
            line([status: "Downloading", "progressDetail": ["current": .int(current), "total": .int(size)], "id": id])
        }
        let steps = ["Verifying Checksum", "Download complete", "Pull complete"].map { step in
            line([status: .string(step), "progressDetail": [:], "id": id])
        }
        return [line([status: "Pulling fs layer", "progressDetail": [:], "id": id])] + pause + progress + steps
    }

    private func ending(_ words: String) -> [HTTPReply.Piece] {
        [
            line([status: "Digest: \(image.digest)"]),
            line([status: "Status: \(words) \(reference.exact)"]),
        ]
    }

    private func line(_ message: JSON) -> HTTPReply.Piece { .bytes(message.bytes + Array("\r\n".utf8)) }

    private func stream(_ pieces: [HTTPReply.Piece]) -> HTTPReply {
        HTTPReply(200, contentType: "application/json", pieces: pieces)
    }
}
