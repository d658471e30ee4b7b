import AsyncHTTPClient
package import NIOCore
package import Tar

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
            sending: .archive(archive))
    }

    /// `PUT /containers/{id}/archive`: unpacks an archive of any size while it arrives.
    ///
    /// A container that never started has its volumes there too.
    ///
    /// It throws what the sequence throws.
    package func putArchive(
        _ bytes: some AsyncSequence<ByteBuffer, any Error> & Sendable, in container: String, below folder: String
    ) async throws {
        let query = [("path", folder), ("noOverwriteDirNonDir", "1")]
        try await transport.run(
            .init(.put, "/containers/\(percentEncoded(container))/archive", query: query, timeout: .seconds(86_400)),
            sending: .stream(bytes))
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

    /// `GET /containers/{id}/archive`: gives what is below a path as an archive, piece by piece, to `receive`.
    ///
    /// The container need not run; of one that never started the volumes are there too. Engines leave sockets out, and
    /// every extended attribute but `security.capability`; times have whole seconds.
    ///
    /// An engine that fails half-way closes the connection, so `receive` must look for the archive's end.
    ///
    /// It throws what `receive` throws.
    package func archive(
        of path: String, in container: String, receive: (ByteBuffer) async throws -> Void
    ) async throws {
        try await withArchive(of: path, in: container) { archive in
            for try await bytes in archive {
                do { try await receive(bytes) } catch { throw ReceiverError(cause: error) }
            }
        }
    }

    /// The same as a sequence, from which `body` takes what it can use, as it can.
    package func withArchive(
        of path: String, in container: String, _ body: (ArchiveBytes) async throws -> Void
    ) async throws {
        let call = EngineTransport.Call(
            .get, "/containers/\(percentEncoded(container))/archive", query: [("path", path)],
            timeout: .seconds(600))
        try await transport.send(call) { try await body(ArchiveBytes(body: $0.body)) }
    }

    /// `GET /volumes/{name}`.
    package func volume(_ name: String) async throws -> Volume {
        try await transport.json(.init(.get, "/volumes/\(percentEncoded(name))"))
    }
}

/// What an engine sends, piece by piece; it can be gone through once.
package struct ArchiveBytes: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body

    package struct AsyncIterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator

        @concurrent package mutating func next() async throws -> ByteBuffer? { try await base.next() }
    }

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(base: body.makeAsyncIterator()) }
}
