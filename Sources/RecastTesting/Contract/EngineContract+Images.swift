import RecastModel

extension EngineContract {
    static let imageChecks = [
        Check("a pull is a stream of JSON lines that ends with the digest") { session in
            let reply = try await session.pull(session.facts.base)
            let lines = reply.body.split(separator: UInt8(ascii: "\n")).filter { $0.count > 1 }
            let messages = try lines.map { try JSON(parsing: $0) }
            try session.expect(messages.count >= 3, "the stream has \(messages.count) lines")
            let words = messages.compactMap { $0["status"].string }
            try session.expect(words.contains { $0.hasPrefix("Digest: sha256:") }, "no line names the digest")
            try session.expect(messages.allSatisfy { $0["error"].isNull }, "a line is an error")
        },
        Check("a pull of what is there is up to date") { session in
            try await session.pull(session.facts.base)
            let reply = try await session.pull(session.facts.base)
            try session.expect(
                String(decoding: reply.body, as: UTF8.self).contains("Image is up to date"), "it was pulled again")
        },
        Check("a pull of a tag that no registry has is a 404") { session in
            let repository = session.facts.base.dropLast(2)
            try await session.send(
                "POST", "/images/create?fromImage=\(repository)&tag=none", is: 404, saying: "not found")
        },
        Check("a pulled image has its tag, its registry's digest and its config") { session in
            try await session.pull(session.facts.rich)
            let image = try await session.send("GET", "/images/\(session.facts.rich)/json", is: 200).json
            try session.expect(image["RepoTags"].array.contains(.string(session.facts.rich)), "the tag is missing")
            try session.expect(image["Config"]["User"], "1000:1000", "User")
            try session.expect(image["Os"], "linux", "Os")
            guard let digest = image["RepoDigests"][0].string else {
                throw ContractBreach(description: "there is no RepoDigest")
            }
            let path = digest.split(separator: "/").joined(separator: "%2F")
            let byDigest = try await session.send("GET", "/images/\(path)/json", is: 200).json
            try session.expect(byDigest["Id"], image["Id"], "the ID by digest")
            let byID = try await session.send("GET", "/images/\(image["Id"].string ?? "")/json", is: 200).json
            try session.expect(byID["Id"], image["Id"], "the ID by ID")
        },
        Check("the registry's digest can be asked for without a pull") { session in
            try await session.pull(session.facts.base)
            let image = try await session.send("GET", "/images/\(session.facts.base)/json", is: 200).json
            let remote = try await session.send("GET", "/distribution/\(session.facts.base)/json", is: 200).json
            let digest = remote["Descriptor"]["digest"].string ?? "none"
            try session.expect(
                image["RepoDigests"].strings.contains { $0.hasSuffix("@" + digest) },
                "\(digest) is not that of the image")
        },
        Check("an image that is not there is a 404 that says so") { session in
            try await session.send(
                "GET", "/images/recast.invalid%2Fnone:1/json", is: 404, saying: "No such image: recast.invalid/none:1")
        },
        Check("a container remembers the reference and the image's ID") { session in
            let name = try await session.create("x")
            let image = try await session.send("GET", "/images/\(session.facts.base)/json", is: 200).json
            let live = try await session.inspect(name)
            try session.expect(live["Image"], image["Id"], "Image")
            try session.expect(live["Config"]["Image"], .string(session.facts.base), "Config.Image")
        },
    ]
}
