/// A file, folder or link in a container or volume.
package struct SimulatedFile: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file([UInt8])
        case folder
        case symbolicLink(to: String)
    }

    package let kind: Kind
    package let mode: Int
    package let user: Int
    package let group: Int

    /// Of a file; empty for anything else.
    package var text: String {
        if case .file(let bytes) = kind { String(decoding: bytes, as: UTF8.self) } else { "" }
    }
}
