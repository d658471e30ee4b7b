import AsyncHTTPClient

extension EngineReader {
    /// `GET /containers/json?all=1`: every container, whoever made it.
    package func containers() async throws -> [ContainerSummary] {
        try await transport.json(.init(.get, "/containers/json", query: [("all", "1")]))
    }

    /// `GET /containers/json` with the filter `volume`: every container that has the volume, running or not.
    package func containers(using volume: String) async throws -> [ContainerSummary] {
        let filter = #"{"volume":["\#(volume)"]}"#
        return try await transport.json(
            .init(.get, "/containers/json", query: [("all", "1"), ("filters", filter)]))
    }

    /// `GET /containers/{id}/json`.
    package func container(_ reference: String) async throws -> ContainerInspect {
        try await transport.json(.init(.get, "/containers/\(percentEncoded(reference))/json"))
    }

    /// `GET /containers/{id}/logs`: the last lines of standard output and error, in the order they were written.
    package func logTail(_ reference: String, lines: Int) async throws -> [String] {
        let query = [("stdout", "1"), ("stderr", "1"), ("tail", String(lines))]
        let bytes = try await transport.collect(
            .init(.get, "/containers/\(percentEncoded(reference))/logs", query: query, timeout: .seconds(10)))
        return LogLines.of(bytes)
    }

    /// `GET /containers/{id}/logs`: gives every line to `receive`, in order, without its line end.
    ///
    /// `since`: seconds of the Unix epoch, with a fraction; `nil`: from the first line of its first run.
    ///
    /// `follows`: waits for more until the container ends, without a limit; else it ends with the last line there is.
    ///
    /// `longest`: bytes of a line beyond these are left out.
    ///
    /// It throws an `EngineError` also when the connection is lost on the way; then the last line, which may be cut,
    /// was not given.
    package func log(
        _ reference: String, since: String? = nil, follows: Bool, longest: Int, receive: (String) -> Void
    ) async throws {
        var query = [("stdout", "1"), ("stderr", "1")]
        if follows { query.append(("follow", "1")) }
        if let since { query.append(("since", since)) }
        let call = EngineTransport.Call(.get, "/containers/\(percentEncoded(reference))/logs", query: query)
        try await transport.send(call) { response in
            var lines = LogLines(longest: longest)
            for try await bytes in response.body { lines.receive(bytes).forEach(receive) }
            lines.end().forEach(receive)
        }
    }
}
