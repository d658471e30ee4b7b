/// Runs `body` with an engine, at a path of the caller's or at any; its socket, its connections and its tasks are gone when this returns or throws.
package func withSimulatedEngine<Result: Sendable>(
    _ configuration: EngineConfiguration = .engine20, clock: some Clock<Duration> = ContinuousClock(),
    at path: String? = nil, _ body: (SimulatedEngine) async throws -> Result
) async throws -> Result {
    let serve = { (socket: TemporarySocket) in
        let engine = SimulatedEngine(configuration, clock: clock, socket: socket)
        return try await HTTPServer.withServer(
            at: .unix(path: socket.path), handler: { try await engine.handle($0) },
            body: { listener in
                engine.listener = listener
                return try await body(engine)
            })
    }
    if let path { return try await TemporarySocket.with(path: path, serve) }
    return try await TemporarySocket.with(serve)
}

/// The same with several engines, in the order of their configurations.
package func withSimulatedEngines<Result: Sendable>(
    _ configurations: [EngineConfiguration], clock: some Clock<Duration> = ContinuousClock(),
    _ body: ([SimulatedEngine]) async throws -> Result
) async throws -> Result {
    guard let first = configurations.first else { return try await body([]) }
    return try await withSimulatedEngine(first, clock: clock) { engine in
        try await withSimulatedEngines(Array(configurations.dropFirst()), clock: clock) { others in
            try await body([engine] + others)
        }
    }
}

extension SimulatedEngine {
    /// Makes the host unreachable: open connections end, nobody can connect, containers go on.
    package func goOffline() async {
        isOnline = false
        socket.hide()
        await listener?.closeConnections()
    }

    package func goOnline() {
        socket.show()
        isOnline = true
    }
}
