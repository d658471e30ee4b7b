import RecastViews
import Synchronization
import SystemPackage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The only place that writes to the terminal, and the only one that knows whether there is one.
///
/// Results go to standard output; progress, questions and diagnostics to standard error.
struct Console: Sendable {
    enum Stream {
        case output, error

        var descriptor: FileDescriptor { self == .output ? .standardOutput : .standardError }
    }

    /// A question waits for its answer, and nothing has been begun.
    static let isAsking = Atomic(false)

    /// A result could not be written, and nobody must take what there is of it for the whole.
    static let hasLostOutput = Atomic(false)

    let environment: @Sendable (String) -> String?

    init(environment: @escaping @Sendable (String) -> String? = Console.variable) { self.environment = environment }

    @Sendable static func variable(_ name: String) -> String? {
        // The string is copied before anything else can change the environment.
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    func isTerminal(_ stream: Stream) -> Bool { isatty(stream.descriptor.rawValue) == 1 }

    /// A terminal that can move its cursor.
    var canRedraw: Bool { isTerminal(.error) && environment("TERM") != "dumb" }

    /// Someone can answer.
    var canAsk: Bool { isTerminal(.error) && isatty(FileDescriptor.standardInput.rawValue) == 1 }

    /// `NO_COLOR` wins, then `CLICOLOR_FORCE`, then whether it is a terminal that is not dumb.
    func style(for stream: Stream) -> Style {
        if let noColour = environment("NO_COLOR"), !noColour.isEmpty { return Style() }
        if let forced = environment("CLICOLOR_FORCE"), !forced.isEmpty, forced != "0" { return Style(usesColour: true) }
        return Style(usesColour: isTerminal(stream) && environment("TERM") != "dumb")
    }

    /// Columns and rows of the terminal; 100 by 24 when it does not say.
    var size: (width: Int, height: Int) {
        var size = winsize()
        // The call fills in the structure that it is given, and nothing else.
        guard unsafe ioctl(FileDescriptor.standardError.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
            return (100, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func write(_ lines: [String], to stream: Stream = .output) {
        guard !lines.isEmpty else { return }
        write(text: lines.joined(separator: "\n") + "\n", to: stream)
    }

    func write(text: String, to stream: Stream) {
        do {
            try stream.descriptor.writeAll(Array(text.utf8))
        } catch Errno.brokenPipe {
            // The reader went away (`recast plan | head`): there is nobody left to tell.
        } catch {
            guard stream == .output, !Self.hasLostOutput.exchange(true, ordering: .relaxed) else { return }
            complain("the result cannot be written: \(error)")
        }
    }

    func complain(_ message: String) {
        write(["\(style(for: .error).problem("error:")) \(message.printable)"], to: .error)
    }

    /// - Returns: whether the answer was yes; anything else, and the end of input, is no.
    func confirm(_ question: String) -> Bool {
        ["y", "yes"].contains(ask("\(question) [y/N]").lowercased())
    }

    /// The line that is typed; empty at the end of the input.
    func ask(_ question: String) -> String {
        Self.isAsking.store(true, ordering: .relaxed)
        defer { Self.isAsking.store(false, ordering: .relaxed) }
        write(text: "\(question) ", to: .error)
        return readLine() ?? ""
    }
}
