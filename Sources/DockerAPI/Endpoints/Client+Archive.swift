extension EngineClient {
    /// `PUT /containers/{id}/archive`: unpacks below a folder of the container, which need not run.
    ///
    /// Folders that are missing on the way are root's, with mode 0755. A folder is never replaced by a file or a file
    /// by a folder: that is an error, and so is a file system that is read-only.
    package func putArchive(_ archive: TarArchive, in container: String, below folder: String) async throws {
        let query = [("path", folder), ("noOverwriteDirNonDir", "1")]
        try await transport.run(
            .init(
                .put, "/containers/\(percentEncoded(container))/archive", query: query, timeout: .seconds(600)),
            archive: archive)
    }

    /// `DELETE /containers/{id}`, by force, with the volumes that the engine named itself.
    package func removeContainerAndAnonymousVolumes(_ reference: String) async throws {
        try await transport.run(
            .init(.delete, "/containers/\(percentEncoded(reference))", query: [("force", "1"), ("v", "1")]))
    }

    /// `DELETE /volumes/{name}`; one that a container uses is a 409.
    package func removeVolume(_ name: String) async throws {
        try await transport.run(.init(.delete, "/volumes/\(percentEncoded(name))"))
    }
}

extension EngineReader {
    /// `HEAD /containers/{id}/archive`: whether there is such a path; false also when there is no such container.
    package func hasPath(_ path: String, in container: String) async throws -> Bool {
        do {
            try await transport.run(
                .init(.head, "/containers/\(percentEncoded(container))/archive", query: [("path", path)]))
            return true
        } catch let error as EngineError where error.isNotFound {
            return false
        }
    }

    /// `GET /volumes/{name}`.
    package func volume(_ name: String) async throws -> Volume {
        try await transport.json(.init(.get, "/volumes/\(percentEncoded(name))"))
    }
}
