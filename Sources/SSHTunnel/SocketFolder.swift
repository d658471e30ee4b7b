#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A folder that only this user may enter, for the sockets of one process.
///
/// A locked file marks it as in use for as long as the process lives, however it ends.
struct SocketFolder: ~Copyable {
    let path: String
    private let lock: Int32

    private static let lockName = "lock"
    /// Makes a folder under `parent` and removes those that ended processes of this user have left there.
    init(parent: String, prefix: String) throws(SSHError) {
        Self.removeStale(parent: parent, prefix: prefix)
        var template = Array("\(parent)/\(prefix).\(getpid()).XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else {
            throw Self.failure("no folder can be made in \(parent)", errno)
        }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // The file gets its name when it is locked, so that nobody sees it unlocked.
        let unlocked = "\(path)/\(Self.lockName).new"
        let lock = unsafe open(unlocked, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0, flock(lock, LOCK_EX | LOCK_NB) == 0,
            unsafe rename(unlocked, "\(path)/\(Self.lockName)") == 0
        else {
            let code = errno
            Self.remove(path)
            throw Self.failure("\(path) cannot be locked", code)
        }
        self.path = path
        self.lock = lock
    }

    private static func failure(_ words: String, _ code: Int32) -> SSHError {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "\(code)"
        return SSHError(.localEndpoint, host: "localhost", "\(words): \(reason)")
    }

    /// Removes the folder with all that is in it.
    consuming func remove() {
        Self.remove(path)
        _ = close(lock)
    }

    private static func removeStale(parent: String, prefix: String) {
        for name in entries(of: parent) where name.hasPrefix(prefix + ".") {
            let path = "\(parent)/\(name)"
            if isStale(path) { remove(path) }
        }
    }

    private static func isStale(_ path: String) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
        else { return false }
        let file = unsafe open("\(path)/\(lockName)", O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else {
            return errno == ENOENT && isOfEndedProcess(path)
        }
        defer { _ = close(file) }
        return flock(file, LOCK_EX | LOCK_NB) == 0
    }

    /// Whether the process whose number is in a folder's name has ended.
    private static func isOfEndedProcess(_ path: String) -> Bool {
        let parts = path.split(separator: ".").suffix(2)
        guard let processID = parts.first.flatMap({ Int32($0) }), processID > 0 else { return false }
        return kill(processID, 0) != 0 && errno == ESRCH
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Links are removed, not followed.
    private static func remove(_ path: String) {
        for name in entries(of: path) {
            let entry = "\(path)/\(name)"
            if unsafe unlink(entry) != 0, isFolder(entry) { remove(entry) }
        }
        unsafe _ = rmdir(path)
    }

    private static func entries(of path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe _ = closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
