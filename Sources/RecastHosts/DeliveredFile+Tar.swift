import RecastModel
import Tar

extension FileVolume {
    /// The files under their numbers, and last the marker that all of them are there.
    var archive: TarArchive {
        let files = files.enumerated().flatMap { $1.tarEntries(at: "/\($0)") }
        return TarArchive(files + [TarEntry(Self.marker, .file([]), mode: 0o444, time: DeliveredFile.earliest)])
    }
}

extension DeliveredFile {
    /// 2001-09-09, seconds since 1970.
    fileprivate static let earliest: UInt32 = 1_000_000_000

    /// Folders come before what is in them.
    ///
    /// `place`: an absolute path; nothing is ever written above it.
    func tarEntries(at place: String) -> [TarEntry] {
        entries.sorted { $0.key < $1.key }.map { path, entry in
            let below = path.isEmpty ? "" : CanonicalText.path("/" + path)
            let (kind, mode, time) = member(entry)
            return TarEntry(
                String((place + below).dropFirst()), kind, mode: mode, user: user, group: group, time: time)
        }
    }

    private func member(_ entry: Entry) -> (TarEntry.Kind, mode: UInt16, time: UInt32) {
        switch entry {
        case .file(let content, let mode): (.file(content.bytes), mode, time(of: content))
        case .folder(let mode): (.folder, mode, Self.earliest)
        case .symbolicLink(let target): (.symbolicLink(to: target), 0o777, Self.earliest)
        }
    }

    /// Another content has another time, and the same content the same on every host: web servers tell by it whether a
    /// file changed.
    ///
    /// Of a secret nothing shows to those who may not read it.
    private func time(of content: FileContent) -> UInt32 {
        kind == .secret ? Self.earliest : Self.earliest + UInt32(content.checksum & 0xfff_ffff)
    }
}
