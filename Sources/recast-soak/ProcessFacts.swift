import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What this process holds, as far as Linux tells.
struct ProcessFacts: CustomStringConvertible {
    let descriptors: Int
    let threads: Int
    let residentKilobytes: Int

    var description: String { "\(descriptors) descriptors, \(threads) threads, \(residentKilobytes / 1024) MiB" }

    static var now: Self {
        let status = lines(of: "/proc/self/status")
        let number = { (key: String) in
            status.first { $0.hasPrefix(key + ":") }?.split { !$0.isNumber }.first.flatMap { Int($0) } ?? 0
        }
        // `FDSize` is what the table has room for, so they are tried one by one.
        let open = (0..<4096).count { fcntl($0, F_GETFD) != -1 }
        return Self(descriptors: open, threads: number("Threads"), residentKilobytes: number("VmRSS"))
    }

    private static func lines(of path: String) -> [Substring] {
        guard let file = try? FileDescriptor.open(FilePath(path), .readOnly) else { return [] }
        defer { try? file.close() }
        var bytes = [UInt8](repeating: 0, count: 1 << 14)
        let count = unsafe (try? bytes.withUnsafeMutableBytes { unsafe try file.read(into: $0) }) ?? 0
        return String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
    }

    struct Leak: Error, CustomStringConvertible {
        let description: String
    }

    /// What grew more than chance can explain.
    func growth(since early: Self, rounds: Int) -> Leak? {
        if descriptors > early.descriptors + 8 || threads > early.threads + 8 {
            return Leak(description: "a leak: \(early) became \(self)")
        }
        // Allocators keep some of what was given back.
        let allowed = early.residentKilobytes / 2 + 32 << 10 + 8 * max(rounds, 0)
        guard residentKilobytes > early.residentKilobytes + allowed else { return nil }
        return Leak(description: "memory: \(early) became \(self) in \(rounds) rounds")
    }
}
