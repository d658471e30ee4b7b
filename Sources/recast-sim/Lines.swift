import Foundation
import SystemPackage

/// What is told and what is asked, a line each.
enum Lines {
    static func tell(_ line: String) throws {
        _ = try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8)
    }

    /// A thread of its own reads, so that none of those waits that answer requests.
    static var input: AsyncStream<String> {
        AsyncStream { lines in
            Thread.detachNewThread {
                while let line = readLine() { lines.yield(line) }
                lines.finish()
            }
        }
    }
}
