package import SSHAddressing

/// Where a host's engine is reached, as the text after `engine:` says.
package enum EngineAddress: Hashable, Sendable {
    case unix(path: String)
    /// `port`: `nil` where none is written.
    case tcp(host: String, port: Int?)
    case ssh(SSHAddress)
    /// A context of the docker CLI.
    case context(name: String)
}
