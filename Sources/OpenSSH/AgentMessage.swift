import SSHWire

/// The messages of the agent protocol that are used: draft-miller-ssh-agent, section 4.
enum AgentMessage {
    /// The longest message that is accepted, as in OpenSSH.
    static let sizeLimit = 256 << 10
    private static let keyLimit = 2048

    static let listRequest: [UInt8] = [11]

    static func signRequest(_ data: [UInt8], key: [UInt8], flags: UInt32) -> [UInt8] {
        var message: [UInt8] = [13]
        message += WireWriter.string(key)
        message += WireWriter.string(data)
        message += WireWriter.uint32(Int(flags))
        return message
    }

    static func keys(in reply: [UInt8]) throws(SSHAgentError.Problem) -> [SSHAgent.Key] {
        var reader = try body(of: reply, expecting: 12)
        guard let count = reader.uint32(), count <= keyLimit else { throw .malformed }
        var keys: [SSHAgent.Key] = []
        for _ in 0..<count {
            guard let blob = reader.string(), let comment = reader.text() else { throw .malformed }
            keys.append(SSHAgent.Key(blob: blob, comment: comment))
        }
        return keys
    }

    static func signature(in reply: [UInt8]) throws(SSHAgentError.Problem) -> SSHAgent.Signature {
        var reader = try body(of: reply, expecting: 14)
        guard let signature = reader.string() else { throw .malformed }
        var inner = WireReader(signature)
        guard let algorithm = inner.text(), let bytes = inner.string() else { throw .malformed }
        return SSHAgent.Signature(algorithm: algorithm, bytes: bytes)
    }

    /// The types 5, 30 and 102 are refusals: of the protocol, of its older version and of one other implementation.
    private static func body(of reply: [UInt8], expecting type: UInt8) throws(SSHAgentError.Problem) -> WireReader {
        var reader = WireReader(reply)
        switch reader.byte() {
        case type: return reader
        case 5, 30, 102: throw .refused
        default: throw .malformed
        }
    }
}
