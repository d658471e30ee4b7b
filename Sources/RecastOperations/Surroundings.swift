import OpenSSH
import SSHAccess

/// What a run sees of the process that it is part of.
package struct Surroundings: Sendable {
    /// The process's variables.
    package let variables: [String: String]

    /// Somebody can be asked for the passphrase of a key.
    package let canAsk: Bool
    /// Told once what is other than usual about a connection.
    package let notice: @Sendable (String) -> Void

    package init(
        variables: [String: String], canAsk: Bool = false, notice: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.variables = variables
        self.canAsk = canAsk
        self.notice = notice
    }

    /// How hosts behind SSH are reached; `RECAST_SSH_CONFIG` names a configuration file as `ssh -F` takes it.
    var ssh: SSHAccess.Settings {
        SSHAccess.Settings(configFile: named("RECAST_SSH_CONFIG"), terminal: canAsk ? .controlling : .none) {
            notice("\($0): \($1)")
        }
    }

    /// The docker CLI's configuration folder; `nil` where nobody has a home.
    var dockerFolder: String? {
        if let folder = named("DOCKER_CONFIG") { return folder }
        return named("HOME").map { "\($0)/.docker" }
    }

    /// A variable that is set and says something.
    func named(_ name: String) -> String? {
        variables[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
