#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A path for a socket, short enough for every system (`sun_path` holds 107 bytes on Linux, 103 on macOS).
package struct TemporarySocket: Sendable {
    package let path: String
    private var awayPath: String { path + ".away" }

    /// Gives a path that nobody uses and removes what lies there at the end.
    package static func with<Result>(_ body: (TemporarySocket) async throws -> Result) async throws -> Result {
        let socket = Self(path: "/tmp/recast-\(String(UInt64.random(in: 0...UInt64.max), radix: 36)).sock")
        defer { socket.remove() }
        return try await body(socket)
    }

    /// The same at a path of the caller's.
    package static func with<Result>(
        path: String, _ body: (TemporarySocket) async throws -> Result
    ) async throws -> Result {
        let socket = Self(path: path)
        defer { socket.remove() }
        return try await body(socket)
    }

    /// Takes the socket's name away, so that nobody can connect; it goes on listening.
    func hide() { try? FileManager.default.moveItem(atPath: path, toPath: awayPath) }
    func show() { try? FileManager.default.moveItem(atPath: awayPath, toPath: path) }

    private func remove() {
        for path in [path, awayPath] { try? FileManager.default.removeItem(atPath: path) }
    }
}
