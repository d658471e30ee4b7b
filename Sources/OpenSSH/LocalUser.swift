#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Who runs this process, as the tokens of OpenSSH's configuration see it.
struct LocalUser: Hashable, Sendable {
    let name: String
    /// The folder of the user database, which OpenSSH uses for `~` rather than `HOME`.
    let home: String
    let id: UInt32
    let machine: String

    static let current = read()

    private static func read() -> LocalUser {
        let id = getuid()
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        return unsafe buffer.withUnsafeMutableBufferPointer { memory in
            guard let start = memory.baseAddress, unsafe getpwuid_r(id, &entry, start, memory.count, &found) == 0,
                unsafe found != nil
            else {
                return LocalUser(name: String(id), home: "/", id: id, machine: readMachine())
            }
            return unsafe LocalUser(
                name: String(cString: entry.pw_name), home: String(cString: entry.pw_dir), id: id,
                machine: readMachine())
        }
    }

    private static func readMachine() -> String {
        var name = [CChar](repeating: 0, count: 256)
        // One byte is kept back: a name that fills the buffer would not be terminated.
        let status = unsafe gethostname(&name, name.count - 1)
        return status == 0 ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : ""
    }
}
