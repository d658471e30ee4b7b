/// Follows what a server says in the clear: lines, its identification string and its KEXINIT.
///
/// RFC 4253 section 4.2 allows lines before the identification string. What is kept is bounded.
package struct HandshakeScanner {
    package enum Stage: Equatable {
        case lines
        case keyExchange
        case over
    }

    package private(set) var stage = Stage.lines
    package private(set) var identification: String?
    /// The first line that is no identification string.
    package private(set) var firstLine: String?
    package private(set) var proposal: ServerProposal?
    package private(set) var count = 0
    private var kept: [UInt8] = []
    /// What is held of all that came, in bytes.
    package var keptBytes: Int { kept.count }

    private static let lineLimit = 255
    /// The longest packet that is followed, in bytes without its length.
    package static let packetLimit = 40_000

    package init() {}

    package mutating func receive(_ bytes: some Collection<UInt8>) {
        count += bytes.count
        guard stage != .over else { return }
        for byte in bytes {
            switch stage {
            case .lines: receiveInLine(byte)
            case .keyExchange: receiveInPacket(byte)
            case .over: return
            }
        }
    }

    /// The beginning of what came, made printable.
    package var excerpt: String {
        let text = firstLine ?? identification ?? String(decoding: kept.prefix(Self.lineLimit), as: UTF8.self)
        return String(text.unicodeScalars.prefix(80).map { $0.value < 32 || $0.value == 127 ? "." : Character($0) })
    }

    private mutating func receiveInLine(_ byte: UInt8) {
        guard byte == UInt8(ascii: "\n") else {
            if kept.count < Self.lineLimit { kept.append(byte) }
            return
        }
        if kept.last == UInt8(ascii: "\r") { kept.removeLast() }
        let line = String(decoding: kept, as: UTF8.self)
        kept = []
        if line.hasPrefix("SSH-") {
            identification = line
            stage = .keyExchange
        } else if firstLine == nil {
            firstLine = line
        }
    }

    private mutating func receiveInPacket(_ byte: UInt8) {
        kept.append(byte)
        guard kept.count >= 5 else { return }
        let length = Int(kept.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard 2...Self.packetLimit ~= length else { return finish(nil) }
        guard kept.count == length + 4 else { return }
        let padding = Int(kept[4])
        guard length > padding + 1 else { return finish(nil) }
        finish(ServerProposal(payload: kept[5..<(kept.count - padding)]))
    }

    private mutating func finish(_ found: ServerProposal?) {
        proposal = found
        stage = .over
        kept = []
    }
}
