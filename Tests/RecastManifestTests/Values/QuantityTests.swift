import RecastManifest
import Testing

@Suite struct GoDurationTests {
    @Test(
        arguments: [
            ("10s", 10_000_000_000, "10s"), ("1m30s", 90_000_000_000, "1m30s"), ("90s", 90_000_000_000, "1m30s"),
            ("1h5m30.02s", 3_930_020_000_000, "1h5m30.02s"), ("500us", 500_000, "500µs"), ("500µs", 500_000, "500µs"),
            ("1.5ms", 1_500_000, "1.5ms"), ("7ns", 7, "7ns"), ("1d", 86_400_000_000_000, "24h0m0s"),
            ("1w", 604_800_000_000_000, "168h0m0s"), ("0", 0, "0s"), ("0s", 0, "0s"), ("+1s", 1_000_000_000, "1s"),
            (".5s", 500_000_000, "500ms"), ("1.h", 3_600_000_000_000, "1h0m0s"), ("1s1m", 61_000_000_000, "1m1s"),
            ("9223372036854775807ns", Int64.max, "2562047h47m16.854775807s"),
            ("0.000000001234567890123456789h", 4444, "4.444µs"),
        ] as [(String, Int64, String)])
    func `durations are read and written as Go does`(text: String, nanoseconds: Int64, written: String) throws {
        let duration = try GoDuration(text)
        #expect(duration.nanoseconds == nanoseconds)
        #expect(duration.description == written)
        #expect(duration.duration == .nanoseconds(nanoseconds))
    }

    @Test(
        arguments: [
            "▸", "▸10", "1m▸30", "▸-5s", "10▸S", "5▸m 30s", "▸abc", "▸.s", "▸1.2.3s", "▸9223372036854775808ns",
            "▸400000d",
            "9000000000s▸9000000000s", "10▸sec", "▸ 1s", "+▸", "1▸x2s",
        ] as [MarkedOffset])
    func `anything else is a fault at its place`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try GoDuration(text) }
    }

    @Test func `a bare number is told to take a unit`() {
        let text: MarkedOffset = "▸10"
        #expect(text.expectFault { text throws(GrammarError) in try GoDuration(text) }?.help == "write 10s")
    }

    @Test func `what is written is read back`() throws {
        for seed in UInt64(0)..<2000 {
            var generator = ValuesGenerator(seed: seed)
            let limit = Int64.max >> Int64.random(in: 0...62, using: &generator)
            let duration = GoDuration(nanoseconds: Int64.random(in: 0...limit, using: &generator))
            #expect(try GoDuration(duration.description) == duration, "seed \(seed)")
        }
    }
}

@Suite struct ByteSizeTests {
    @Test(
        arguments: [
            ("50M", 52_428_800), ("50m", 52_428_800), ("50MB", 52_428_800), ("50mib", 52_428_800), ("1g", 1 << 30),
            ("1.5g", 3 << 29), ("1024", 1024), ("1k", 1024), ("1b", 1), ("1B", 1), ("1t", 1 << 40), ("1p", 1 << 50),
            ("1 gb", 1 << 30), ("0", 0), ("-1", -1), (".5k", 512), ("0.3k", 307), ("8191p", 8191 << 50),
            ("9223372036854775807", Int64.max),
        ] as [(String, Int64)])
    func `sizes count in powers of 1024`(text: String, bytes: Int64) throws {
        #expect(try ByteSize(text).bytes == bytes)
    }

    @Test(
        arguments: [
            "▸", "▸abc", "50▸Mi", "1▸e3", "▸-5", "1▸bb", "1 ▸ gb", "1▸kbb", "▸1..5g", "▸8192p", "1▸x", "1 ▸",
            "▸ 1", "▸9223372036854775808",
        ] as [MarkedOffset])
    func `anything else is a fault at its place`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try ByteSize(text) }
    }

    @Test func `half a unit is told the other half`() {
        let text: MarkedOffset = "50▸Mi"
        #expect(text.expectFault { text throws(GrammarError) in try ByteSize(text) }?.help == "write 50MiB")
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1 KiB"), (512 << 20, "512 MiB"), (3 << 29, "1.5 GiB"),
            (1300, "1.26 KiB"),
            (1 << 50, "1 PiB"), (Int64.max, "8191.99 PiB"), (1_100_000, "1.04 MiB"),
        ] as [(Int64, String)])
    func `people read the largest unit that fits`(bytes: Int64, text: String) {
        #expect(ByteSize(bytes: bytes).description == text)
    }
}

@Suite struct ScalarQuantityTests {
    @Test(arguments: [
        ("1", 1_000_000_000), ("0.1", 100_000_000), ("1.5", 1_500_000_000), (".25", 250_000_000), ("0", 0),
        ("0.123456789", 123_456_789), ("0.1000000000", 100_000_000), ("64.", 64_000_000_000),
    ])
    func `processors are counted in billionths, exactly`(text: String, count: Int64) throws {
        #expect(try NanoCPUs.parse(text) == count)
    }

    @Test(arguments: ["▸", "▸-1", "▸1e3", "▸0.1234567891", "▸all", "▸9223372037", "▸1,5"] as [MarkedOffset])
    func `other numbers of processors are faults`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try NanoCPUs.parse(text) }
    }

    @Test(arguments: [("440", 0o440), ("0440", 0o440), ("0o440", 0o440), ("7777", 0o7777), ("0", 0)])
    func `a file mode is octal`(text: String, mode: Int) throws {
        #expect(try FileMode.parse(text) == mode)
    }

    @Test(
        arguments: ["▸", "▸0o", "▸488", "▸rw-r--r--", "▸10000", "▸-44", "▸777777777777777777777777"] as [MarkedOffset])
    func `other modes are faults`(text: MarkedOffset) {
        text.expectFault { text throws(GrammarError) in try FileMode.parse(text) }
    }
}
