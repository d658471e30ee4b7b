extension EngineClient {
    /// `POST /networks/create`; answers with the ID.
    package func createNetwork(_ network: Network) async throws -> String {
        let created: NetworkCreated = try await transport.json(.init(.post, "/networks/create"), body: network)
        return created.Id
    }

    /// `DELETE /networks/{id}`.
    package func removeNetwork(_ id: String) async throws {
        try await transport.run(.init(.delete, "/networks/\(percentEncoded(id))"))
    }

    /// `POST /networks/{id}/connect`.
    package func connect(_ container: String, to network: String, as endpoint: EndpointSettings) async throws {
        try await transport.run(
            .init(.post, "/networks/\(percentEncoded(network))/connect"),
            body: NetworkConnect(Container: container, EndpointConfig: endpoint))
    }

    /// `POST /networks/{id}/disconnect`.
    package func disconnect(_ container: String, from network: String) async throws {
        try await transport.run(
            .init(.post, "/networks/\(percentEncoded(network))/disconnect"),
            body: NetworkDisconnect(Container: container))
    }

    /// `POST /volumes/create`; a name that exists answers 201 with the old volume, unchanged.
    package func createVolume(_ volume: Volume) async throws -> Volume {
        try await transport.json(.init(.post, "/volumes/create"), body: volume)
    }

    /// `DELETE /images/{id}`, without force: one that a container uses, or that several repositories name, is a 409.
    package func removeImage(_ id: String) async throws {
        try await transport.run(.init(.delete, "/images/\(percentEncoded(id))"))
    }
}
