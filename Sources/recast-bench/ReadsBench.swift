import ArgumentParser
import NIOCore
import NIOHTTP1
import NIOPosix
import SystemPackage

/// The least that reads what a plan reads: the same calls in the same order, and the replies dropped.
struct ReadsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reads",
        abstract: "Makes the calls of a plan to every engine of a folder, and drops the replies.",
        discussion: """
            Of each engine: version and list of containers, networks and volumes beside them, then every container, and at
            the end the images. Prints seconds and the number of calls.

            Example:
              recast-bench reads --hosts-at-once 256 /tmp/sim/*.sock
            """)

    @Option(help: "How many engines are asked at the same time.")
    var hostsAtOnce = 64

    @Option(help: "How many connections each gets for its containers.")
    var connections = 8

    @Option(help: "An image to ask for; may be given again.")
    var image: [String] = []

    @Argument(help: "Sockets of engines.")
    var sockets: [String]

    func run() async throws {
        var calls = 0
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Int.self) { group in
            var waiting = sockets.makeIterator()
            for _ in 0..<hostsAtOnce { if let socket = waiting.next() { group.addTask { try await read(socket) } } }
            while let made = try await group.next() {
                calls += made
                if let socket = waiting.next() { group.addTask { try await read(socket) } }
            }
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try FileDescriptor.standardOutput.writeAll("{\"calls\":\(calls),\"seconds\":\(seconds)}\n".utf8)
    }

    /// - Returns: how many calls it took.
    private func read(_ socket: String) async throws -> Int {
        let prefix = "/v1.41"
        async let networks = BareConnection.get(["\(prefix)/networks"], from: socket)
        async let volumes = BareConnection.get(["\(prefix)/volumes"], from: socket)
        let list = try await BareConnection.get(["/version", "\(prefix)/containers/json?all=1"], from: socket)
        let ids = String(decoding: list, as: UTF8.self).matches(of: /"Id":"([0-9a-f]{64})"/).map { String($0.1) }
        _ = try await (networks, volumes)
        let paths = ids.map { "\(prefix)/containers/\($0)/json" }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for first in 0..<min(connections, paths.count) {
                let share = stride(from: first, to: paths.count, by: connections).map { paths[$0] }
                group.addTask { _ = try await BareConnection.get(share, from: socket) }
            }
            try await group.waitForAll()
        }
        _ = try await BareConnection.get(image.map { "\(prefix)/images/\($0)/json" }, from: socket)
        return 4 + ids.count + image.count
    }
}

/// Requests one after the other on a connection of their own.
private enum BareConnection {
    private typealias Connection = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// - Returns: the body of the last answer.
    static func get(_ paths: [String], from socket: String) async throws -> [UInt8] {
        if paths.isEmpty { return [] }
        let connection = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(unixDomainSocketPath: socket) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        return try await connection.executeThenClose { inbound, outbound in
            var replies = inbound.makeAsyncIterator()
            var last: [UInt8] = []
            for path in paths {
                let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: path, headers: ["Host": "docker"])
                try await outbound.write(contentsOf: [.head(head), .end(nil)])
                last = []
                reading: while let part = try await replies.next() {
                    switch part {
                    case .head: break
                    case .body(let bytes): if path == paths.last { last += bytes.readableBytesView }
                    case .end: break reading
                    }
                }
            }
            return last
        }
    }
}
