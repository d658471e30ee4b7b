import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Makes a folder that only this user may enter, and removes it with everything in it when the body is done.
///
/// - Parameters:
///   - parent: Where the folder is made. The paths of sockets are limited to 107 bytes, so it should be short.
///   - body: Gets the path of the folder.
/// - Returns: What the body returns.
/// - Throws: `Errno`, or what the body throws.
func withPrivateFolder<Value>(in parent: String, _ body: (String) async throws -> Value) async throws -> Value {
    var path = Array((parent + "/recast-ssh.XXXXXX").utf8CString)
    guard unsafe mkdtemp(&path) != nil else { throw Errno(rawValue: errno) }
    let folder = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
}
