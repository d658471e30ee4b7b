import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The terminal on which a person can be asked.
package struct Terminal: Hashable, Sendable {
    private let path: String?

    /// The terminal that controls this process, if there is one.
    package static let controlling = Terminal(path: "/dev/tty")
    /// Nobody can be asked.
    package static let none = Terminal(path: nil)

    init(path: String?) {
        self.path = path
    }

    /// Opens the terminal for a caller that closes it; nil when there is none.
    func open() -> FileDescriptor? {
        path.flatMap { try? FileDescriptor.open(FilePath($0), .readWrite, options: .closeOnExec) }
    }

    /// Whether a question would be seen: a process in the background of its terminal would be stopped for asking.
    package var isAvailable: Bool {
        guard let descriptor = open() else { return false }
        defer { try? descriptor.close() }
        let foreground = tcgetpgrp(descriptor.rawValue)
        return foreground == -1 || foreground == getpgrp()
    }
}
