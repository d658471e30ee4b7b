import NIOCore
import NIOPosix
import Synchronization

/// The tunnels of one scope, each with a Unix socket in a folder that only this user may enter.
package final class SSHTunnels: Sendable {
    /// What holds for all tunnels of a scope.
    package struct Settings: Sendable {
        /// The folder in which the folder of sockets is made; short, as a socket's path has at most 107 bytes.
        package var parentFolder = "/tmp"
        /// How names of such folders begin; folders with this beginning that nobody uses any more are removed.
        package var folderPrefix = "ssh-tunnels"
        /// A server that is silent for three intervals, although asked, counts as lost.
        package var keepAliveInterval = Duration.seconds(7)
        /// Covers everything between the accepted host key and the accepted identity of one hop.
        package var authenticationTimeout = Duration.seconds(60)
        /// The pause after the first failed attempt to connect again; it doubles with every further one.
        package var firstBackOff = Duration.milliseconds(200)
        package var longestBackOff = Duration.seconds(5)
        /// Told once per tunnel when it works in another way than usual.
        package var notice: @Sendable (_ host: String, _ words: String) -> Void = { _, _ in }

        package init() {}
    }

    let settings: Settings
    let group: any EventLoopGroup
    /// Only this user may enter it, and it goes with the scope; with room for the sockets of others.
    package let folder: String
    private let state = Mutex(State())

    private struct State {
        var tunnels: [SSHTunnel] = []
        var count = 0
        var isClosed = false
    }

    private init(settings: Settings, folder: String) {
        self.settings = settings
        self.folder = folder
        group = MultiThreadedEventLoopGroup.singleton
    }

    /// Runs the body and closes whatever it has opened, also when it throws or is cancelled.
    package static func withTunnels<Value>(
        _ settings: Settings = Settings(), _ body: (SSHTunnels) async throws -> Value
    ) async throws -> Value {
        let folder = try SocketFolder(parent: settings.parentFolder, prefix: settings.folderPrefix)
        let tunnels = SSHTunnels(settings: settings, folder: folder.path)
        do {
            let value = try await body(tunnels)
            await tunnels.closeAll()
            folder.remove()
            return value
        } catch {
            await tunnels.closeAll()
            folder.remove()
            throw error
        }
    }

    /// Connects, checks the host key, authenticates and proves the socket by opening it.
    package func open(route: SSHRoute) async throws(SSHError) -> SSHTunnel {
        let host = route.hops.last?.host ?? ""
        let number: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.count += 1
            return state.count
        }
        guard let number, !route.hops.isEmpty else { throw SSHError(.closed, host: host, "there is no way to go") }
        let tunnel = SSHTunnel(
            route: route, localPath: "\(folder)/\(number)", settings: settings, loop: group.next())
        do {
            try await tunnel.start()
        } catch {
            await tunnel.close()
            throw error
        }
        let isLate = state.withLock { state in
            if !state.isClosed { state.tunnels.append(tunnel) }
            return state.isClosed
        }
        if isLate {
            await tunnel.close()
            throw SSHError(.closed, host: host, "the tunnels are closed")
        }
        return tunnel
    }

    /// Shielded: a task of its own, awaited at once, as clean-up must also run in a cancelled task.
    private func closeAll() async {
        let tunnels = state.withLock { state in
            state.isClosed = true
            defer { state.tunnels = [] }
            return state.tunnels
        }
        await Task {
            for tunnel in tunnels { await tunnel.close() }
        }.value
    }
}
