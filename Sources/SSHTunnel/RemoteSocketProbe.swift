/// Finds out why a server refused a socket: a script for the remote shell and the meaning of what it prints.
///
/// A server gives the same reason for every refusal, so the only way is to look.
struct RemoteSocketProbe: Equatable {
    var user = ""
    var groups: [String] = []
    var exists = false
    var isSocket = false
    var isWritable = false
    /// What `ls -ld` says of the path.
    var listing = ""
    /// Nil when the server cannot tell.
    var isListening: Bool?
    var hasDocker = false

    private static let mark = "@tunnel-probe "

    /// A command that every login shell understands: one call of sh with words in single quotes.
    static func command(path: String) -> String {
        "/bin/sh -c \(quoted(script)) sh \(quoted(path))"
    }

    /// The command that carries one connection to the socket over the Docker CLI.
    static func dialCommand(path: String) -> String {
        "env \(quoted("DOCKER_HOST=unix://\(path)")) docker system dial-stdio"
    }

    /// One word for a Bourne shell, csh and fish alike.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    // Without single quotes, line breaks and exclamation marks, which csh would read inside the quotes.
    private static let script = [
        "LC_ALL=C; export LC_ALL; p=$1; m=@tunnel-probe",
        "echo \"$m user $(id -un)\"; echo \"$m groups $(id -Gn)\"",
        "if test -e \"$p\" || test -L \"$p\"; then echo \"$m exists\"; fi",
        "if test -S \"$p\"; then echo \"$m socket\"; fi",
        "if test -w \"$p\"; then echo \"$m writable\"; fi",
        "echo \"$m listing $(ls -ldL \"$p\" 2>&1)\"",
        "if test -r /proc/net/unix; then n=no; while read -r a b c f d e g q; do"
            + " if test \"$f\" = 00010000; then case \"$q\" in */\"${p##*/}\") n=yes;; esac; fi;"
            + " done </proc/net/unix; echo \"$m listening $n\"; fi",
        "if command -v docker >/dev/null 2>&1; then echo \"$m docker\"; fi",
        "echo \"$m end\"",
    ].joined(separator: "; ")

    init() {}

    /// Reads what the script printed among whatever else the shell says; nil when the script did not run to its end.
    init?(output: String) {
        var isComplete = false
        for line in output.split(whereSeparator: \.isNewline) where line.hasPrefix(Self.mark) {
            let words = line.dropFirst(Self.mark.count).split(separator: " ", maxSplits: 1)
            let value = words.count > 1 ? String(words[1]) : ""
            switch words.first {
            case "user": user = value
            case "groups": groups = value.split(separator: " ").map(String.init)
            case "exists": exists = true
            case "socket": isSocket = true
            case "writable": isWritable = true
            case "listing": listing = value
            case "listening": isListening = value == "yes"
            case "docker": hasDocker = true
            case "end": isComplete = true
            default: break
            }
        }
        guard isComplete else { return nil }
    }

    /// The error that the state of the socket explains.
    func explain(path: String, host: String) -> SSHError {
        if !exists, !listing.contains("Permission denied") {
            return SSHError(
                .socketAbsent, host: host, "there is no socket \(path); is the daemon running, and is this its path?")
        }
        if exists, !isSocket {
            return SSHError(.notASocket, host: host, "\(path) is no socket: \(listing)")
        }
        if !isWritable { return denied(path, host) }
        if isListening == false {
            return SSHError(
                .nothingListens, host: host, "nothing listens on \(path); the daemon has left its socket behind")
        }
        return SSHError(
            .forwardingProhibited, host: host,
            "the SSH server forbids to forward \(path): set AllowStreamLocalForwarding yes in its sshd_config"
                + (hasDocker ? "" : ", or install the Docker CLI there"))
    }

    private func denied(_ path: String, _ host: String) -> SSHError {
        let fields = listing.split(separator: " ").map(String.init)
        let mine = "user \(user) (groups \(groups.joined(separator: ", ")))"
        guard exists, fields.count > 3 else {
            return SSHError(.permissionDenied, host: host, "\(mine) may not reach \(path): \(listing)")
        }
        return SSHError(
            .permissionDenied, host: host,
            "\(mine) may not use \(path), which belongs to \(fields[2]) and group \(fields[3]);"
                + " add the user to that group: usermod -aG \(fields[3]) \(user)")
    }
}
