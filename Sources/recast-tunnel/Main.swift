import DockerAPI
import OpenSSH
import SSHAccess
import SSHAddressing
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// For scripts/bench-ssh.
///
/// `recast-tunnel hold CONFIG ADDRESS…` prints the path of a local socket for each address, and ends with its standard
/// input. `recast-tunnel once CONFIG ADDRESS` makes one call to the engine there.
@main
struct Main {
    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard words.count > 2, let command = words.first, ["hold", "once"].contains(command) else {
            _ = try FileDescriptor.standardError.writeAll("usage: recast-tunnel hold|once CONFIG ADDRESS…\n".utf8)
            exit(64)
        }
        try await SSHAccess.withAccess(SSHAccess.Settings(configFile: words[2])) { access in
            for word in words.dropFirst(2) {
                let door = try await access.open(SSHAddress(word))
                guard command == "once" else {
                    _ = try FileDescriptor.standardOutput.writeAll("\(door.localPath)\n".utf8)
                    continue
                }
                try await EngineNetwork.withNetwork { network in
                    _ = try await EngineReader.connect(to: .unix(path: door.localPath), over: network)
                }
            }
            if command == "hold" { while readLine() != nil {} }
        }
    }
}
