import SystemPackage

/// A pipe whose one end only this process has: a program that watches the other learns when the process is gone,
/// however it ended.
struct Lifeline: ~Copyable {
    /// For the program's standard input, and closed by whoever starts it.
    let watched: FileDescriptor
    private let held: FileDescriptor

    /// It throws `Errno`.
    init() throws(Errno) {
        let ends = try FileDescriptor.pipe(options: .closeOnExec)
        watched = ends.readEnd
        held = ends.writeEnd
    }

    deinit { try? held.close() }

    /// The program that follows as arguments takes this shell's place, and is ended when the pipe breaks.
    static let guarded = #"exec 3<&0 </dev/null; (read -r _ <&3; kill $$) >/dev/null 2>&1 & exec "$@" 3<&-"#

    /// What an agent runs: it says that the agent listens, and ends it when the pipe breaks or it is itself ended.
    static let ofAgent = #"trap exit TERM INT HUP; trap 'kill "$SSH_AGENT_PID"' EXIT; echo ready; read -r _"#
}
