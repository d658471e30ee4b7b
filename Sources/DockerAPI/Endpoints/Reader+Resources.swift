extension EngineReader {
    /// `GET /networks`.
    package func networks() async throws -> [Network] {
        try await transport.json(.init(.get, "/networks"))
    }

    /// `GET /volumes`.
    package func volumes() async throws -> [Volume] {
        let list: VolumeList = try await transport.json(.init(.get, "/volumes"))
        return list.Volumes ?? []
    }

    /// `GET /system/df`: bytes by the name of the volume; those that the engine cannot measure are left out.
    ///
    /// The engine reads every file of every volume; below API 1.42 also all that containers wrote.
    package func volumeSizes() async throws -> [String: Int64] {
        let usage: DiskUsage = try await transport.json(
            .init(.get, "/system/df", query: [("type", "volume")], timeout: .seconds(600)))
        let sizes = (usage.Volumes ?? []).compactMap { volume in
            volume.UsageData.flatMap { $0.Size < 0 ? nil : (volume.Name, $0.Size) }
        }
        return Dictionary(sizes) { first, _ in first }
    }

    /// `GET /images/{name}/json`; `nil` when the host does not have the image.
    package func image(_ reference: String) async throws -> ImageInspect? {
        do {
            return try await transport.json(.init(.get, "/images/\(percentEncoded(reference))/json"))
        } catch let error as EngineError where error.isNotFound {
            return nil
        }
    }

    /// `GET /images/json`: every image, those without a tag too.
    package func images() async throws -> [ImageSummary] {
        try await transport.json(.init(.get, "/images/json"))
    }

    /// `GET /_ping`.
    package func ping(within timeout: Duration) async throws {
        _ = try await transport.collect(.init(.get, "/_ping", timeout: timeout))
    }

    /// `GET /info`.
    package func systemInfo() async throws -> SystemInfo {
        try await transport.json(.init(.get, "/info"))
    }

    /// `GET /distribution/{name}/json`: the daemon asks the registry; nothing is pulled.
    ///
    /// `auth`: what the daemon shows the registry; it keeps nothing of it.
    package func distribution(_ reference: String, auth: RegistryAuth? = nil) async throws -> DistributionInspect {
        try await transport.json(
            .init(
                .get, "/distribution/\(percentEncoded(reference))/json", headers: try auth?.headers ?? [],
                timeout: .seconds(30)))
    }

    /// `GET /info`, which is slow on a host with many containers.
    package func info() async throws -> EngineInfo { try await transport.json(.init(.get, "/info")) }
}
