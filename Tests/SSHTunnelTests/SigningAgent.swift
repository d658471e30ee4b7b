import Foundation
import NIOCore
import SSHWire

@testable import SSHTunnel

/// A real ssh-agent with one key, as an identity.
enum SigningAgent {
    static func with<Value>(
        key: String, folder: String, _ body: (SSHIdentity) async throws -> Value
    ) async throws -> Value {
        let socket = "\(folder)/agent.sock"
        let agent = try ChildProcess.start(["/usr/bin/ssh-agent", "-D", "-a", socket])
        defer { ChildProcess.end(agent) }
        try await poll { FileManager.default.fileExists(atPath: socket) }
        try await Command.run("env", ["SSH_AUTH_SOCK=\(socket)", "ssh-add", "-q", key])
        let publicKey = try String(contentsOfFile: key + ".pub", encoding: .utf8).split(separator: " ")[1]
        let blob = [UInt8](Data(base64Encoded: String(publicKey)) ?? Data())
        return try await body(
            .signer(name: "agent", publicKey: blob) { data, algorithm in
                try await sign(socket, blob, data, algorithm)
            })
    }

    private static func sign(
        _ socket: String, _ blob: [UInt8], _ data: [UInt8], _ algorithm: String
    ) async throws -> [UInt8] {
        let flags = ["rsa-sha2-512": 4, "rsa-sha2-256": 2][algorithm] ?? 0
        let request = [13] + WireWriter.string(blob) + WireWriter.string(data) + WireWriter.uint32(flags)
        return try await SocketClient.connect(socket).executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: WireWriter.string(request)))
            var answer = ByteBuffer()
            for try await var bytes in inbound {
                answer.writeBuffer(&bytes)
                if let count = answer.getInteger(at: 0, as: UInt32.self), answer.readableBytes >= Int(count) + 4 {
                    break
                }
            }
            var reader = WireReader(answer.readableBytesView)
            guard reader.uint32() != nil, reader.byte() == 14, var blob = reader.string().map({ WireReader($0) }),
                blob.text() == algorithm, let signature = blob.string()
            else { throw CommandFailed(words: ["ssh-agent"], output: "") }
            return [UInt8](signature)
        }
    }
}
