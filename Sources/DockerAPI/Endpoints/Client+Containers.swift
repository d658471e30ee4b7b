extension EngineClient {
    /// `POST /containers/create`; a name that is taken is a 409.
    ///
    /// `platform`: `os[/architecture[/variant]]` that the image must have; `nil`: the host's.
    package func createContainer(
        named name: String, platform: String? = nil, _ body: ContainerCreate
    ) async throws -> ContainerCreated {
        let query = [("name", name)] + (platform.map { [("platform", $0)] } ?? [])
        return try await transport.json(.init(.post, "/containers/create", query: query), body: body)
    }

    /// `POST /containers/{id}/start`; a container that runs already is no error (304).
    package func start(_ reference: String) async throws {
        try await transport.run(.init(.post, "/containers/\(percentEncoded(reference))/start", timeout: .seconds(120)))
    }

    /// `POST /containers/{id}/stop`; waits for the container's own grace period, then it is killed.
    ///
    /// `grace`: what the container's grace period is, so that the call waits longer than that.
    package func stop(_ reference: String, grace: Duration) async throws {
        try await transport.run(
            .init(.post, "/containers/\(percentEncoded(reference))/stop", timeout: grace + .seconds(60)))
    }

    /// `DELETE /containers/{id}`, by force, never a volume that has a name.
    package func removeContainer(_ reference: String, anonymousVolumes: Bool = false) async throws {
        let query = [("force", "1"), ("v", anonymousVolumes ? "1" : "0")]
        try await transport.run(.init(.delete, "/containers/\(percentEncoded(reference))", query: query))
    }

    /// `POST /containers/{id}/rename`.
    package func rename(_ reference: String, to name: String) async throws {
        try await transport.run(
            .init(.post, "/containers/\(percentEncoded(reference))/rename", query: [("name", name)]))
    }

    /// `POST /containers/{id}/update`, the restart policy alone.
    package func updateRestartPolicy(_ reference: String, to policy: HostConfig.RestartPolicy) async throws {
        try await transport.run(
            .init(.post, "/containers/\(percentEncoded(reference))/update"),
            body: ContainerUpdate(RestartPolicy: policy))
    }
}
