import OpenSSH
import SSHAccess
import SSHAddressing
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Opens tunnels and keeps them open, for scripts/bench-ssh: `recast-tunnel CONFIG ADDRESS…` prints the path of a local
/// socket for each address, and ends with its standard input.
@main
struct Main {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard let config = words.first, words.count > 1 else {
            _ = try FileDescriptor.standardError.writeAll("usage: recast-tunnel CONFIG ADDRESS…\n".utf8)
            exit(64)
        }
        try await SSHAccess.withAccess(SSHAccess.Settings(configFile: config)) { access in
            for word in words.dropFirst() {
                let door = try await access.open(SSHAddress(word))
                _ = try FileDescriptor.standardOutput.writeAll("\(door.localPath)\n".utf8)
            }
            while readLine() != nil {}
        }
    }
}
