#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a daemon shows a registry in one request: the header `X-Registry-Auth`.
///
/// Its description shows nothing of it.
package struct RegistryAuth: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    private let fields: [String: String]

    package init(username: String, password: String, server: String) {
        fields = ["username": username, "password": password, "serveraddress": server]
    }

    /// What a login left in place of a password.
    package init(identityToken: String, server: String) {
        fields = ["identitytoken": identityToken, "serveraddress": server]
    }

    package var description: String { "RegistryAuth" }
    package var debugDescription: String { description }

    /// base64url with padding over JSON, as the engine API wants it.
    var headers: [(String, String)] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let text = try encoder.encode(fields).base64EncodedString()
            return [("X-Registry-Auth", text.replacing("+", with: "-").replacing("/", with: "_"))]
        }
    }
}
