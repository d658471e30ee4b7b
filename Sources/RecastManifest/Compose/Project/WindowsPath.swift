/// Paths of Windows, which a file may hold for an engine there.
enum WindowsPath {
    /// `C:\…`, `C:/…` or `\\server\share`; both slashes separate.
    static func isAbsolute(_ path: String) -> Bool {
        let bytes = Array(path.utf8.prefix(3))
        guard bytes.count > 1 else { return false }
        if bytes[1] == UInt8(ascii: ":") { return bytes.count > 2 && isSeparator(bytes[2]) }
        return isSeparator(bytes[0]) && isSeparator(bytes[1])
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "/")
    }
}
