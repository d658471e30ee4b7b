import SSHWire
import Testing

@testable import SSHTunnel

/// What a server says in the clear, right or wrong.
@Suite(.timeLimit(.minutes(2)))
struct HandshakeScannerTests {
    /// Knuth's linear congruential generator: the same bytes on every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 29) &* 0x9E37_79B9_7F4A_7C15
        }
    }

    private static let lists = [["kex-a", "kex-b"], ["ssh-ed25519"], ["c1", "c2"], ["c3"], ["m1"], ["m2", "m3"]]
    private static var payload: [UInt8] {
        [20] + Array(repeating: 9, count: 16)
            + (lists.map { $0.joined(separator: ",") } + ["none", "none", "", ""]).flatMap {
                WireWriter.string($0.utf8)
            } + [0, 0, 0, 0, 0]
    }
    private static func packet(_ payload: [UInt8], padding: Int = 8) -> [UInt8] {
        WireWriter.uint32(payload.count + padding + 1) + [UInt8(padding)] + payload
            + Array(repeating: 0, count: padding)
    }

    private func expect(_ proposal: ServerProposal?) {
        #expect(proposal?.keyExchange == Self.lists[0])
        #expect(proposal?.hostKey == Self.lists[1])
        #expect(proposal?.ciphersToServer == Self.lists[2])
        #expect(proposal?.ciphersToClient == Self.lists[3])
        #expect(proposal?.macsToServer == Self.lists[4])
        #expect(proposal?.macsToClient == Self.lists[5])
    }

    @Test(arguments: [1, 2, 7, 1000]) func `a greeting in pieces of any size`(size: Int) {
        let bytes = Array("one line\r\nanother\nSSH-2.0-x comment\r\n".utf8) + Self.packet(Self.payload)
        var scanner = HandshakeScanner()
        for start in stride(from: 0, to: bytes.count, by: size) {
            #expect(scanner.stage != .over)
            scanner.receive(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(scanner.stage == .over)
        #expect(scanner.firstLine == "one line")
        #expect(scanner.identification == "SSH-2.0-x comment")
        #expect(scanner.count == bytes.count)
        expect(scanner.proposal)
    }

    @Test func `every beginning of a proposal is refused, and the whole is read`() {
        let needed = Self.payload.count - 5 - WireWriter.string("none".utf8).count * 2 - 8
        for count in 0..<needed { #expect(ServerProposal(payload: Self.payload.prefix(count)) == nil) }
        for count in needed...Self.payload.count { expect(ServerProposal(payload: Self.payload.prefix(count))) }
        #expect(ServerProposal(payload: [21] + Self.payload.dropFirst()) == nil)
    }

    @Test(arguments: [0, 1, 2, 40_001, Int(UInt32.max)]) func `a packet of an impossible length`(length: Int) {
        var scanner = HandshakeScanner()
        scanner.receive(Array("SSH-2.0-x\r\n".utf8) + WireWriter.uint32(length) + [200, 20, 0, 0])
        #expect(scanner.stage == .over)
        #expect(scanner.proposal == nil)
    }

    @Test func `changed bytes never do harm`() {
        var generator = Generator(state: 1)
        let original = Array("hello\r\nSSH-2.0-x\r\n".utf8) + Self.packet(Self.payload)
        for _ in 0..<3000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            var scanner = HandshakeScanner()
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...100, using: &generator)
                scanner.receive(rest.prefix(count))
                rest = rest.dropFirst(count)
                #expect(scanner.keptBytes <= HandshakeScanner.packetLimit + 4)
            }
            #expect(scanner.excerpt.unicodeScalars.count <= 80)
        }
    }

    @Test func `random bytes never do harm`() {
        var generator = Generator(state: 2)
        for round in 0..<300 {
            var scanner = HandshakeScanner()
            if round.isMultiple(of: 2) { scanner.receive("SSH-2.0-x\n".utf8) }
            for _ in 0..<20 {
                let bytes = (0..<Int.random(in: 0...500, using: &generator)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                scanner.receive(bytes)
                #expect(scanner.keptBytes <= HandshakeScanner.packetLimit + 4)
                _ = ServerProposal(payload: [20] + bytes)
            }
        }
    }

    @Test func `lines without an end are not kept`() {
        var scanner = HandshakeScanner()
        for _ in 0..<100 { scanner.receive(Array(repeating: UInt8(65), count: 10_000)) }
        #expect(scanner.keptBytes == 255)
        #expect(scanner.count == 1_000_000)
        #expect(scanner.excerpt == String(repeating: "A", count: 80))
    }
}
