// swift-format-ignore-file: AlwaysUseLowerCamelCase

import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The form that docker's `config.json` and Podman's `auth.json` share.
struct CredentialFile {
    fileprivate struct Entry: Decodable {
        let auth: String?
        let username: String?
        let password: String?
        let identitytoken: String?
    }
    private struct Content: Decodable {
        let auths: [String: Entry]?
        let credHelpers: [String: String]?
        let credsStore: String?
    }

    private let path: String
    private let content: Content

    /// `nil` where there is no such file.
    ///
    /// It throws `CredentialProblem`.
    init?(path: String) throws {
        guard let bytes = try TextFile.bytes(of: path) else { return nil }
        self.path = path
        // An empty file is what some tools make of `logout`.
        let text = bytes.isEmpty ? Array("{}".utf8) : bytes
        guard let content = try? JSONDecoder().decode(Content.self, from: Data(text)) else {
            throw CredentialProblem("'\(path)' is no JSON with credentials")
        }
        self.content = content
    }

    /// The helper that this file names for a repository: its registry's own before the one for all.
    func helper(for repository: Repository) -> String? {
        let helpers = content.credHelpers ?? [:]
        let own = Self.best(helpers.keys, for: repository).flatMap { helpers[$0] }
        return [own, content.credsStore].compactMap(\.self).first { !$0.isEmpty }
    }

    /// What stands in the file itself.
    ///
    /// It throws `CredentialProblem`.
    func credential(for repository: Repository) throws -> FoundCredential? {
        let auths = content.auths ?? [:]
        // A login that a helper keeps leaves an entry that says nothing.
        let telling = auths.filter { !$0.value.isSilent }
        guard let key = Self.best(telling.keys, for: repository), let entry = telling[key] else { return nil }
        if let token = entry.identitytoken, !token.isEmpty {
            return FoundCredential(.identityToken(token), origin: "'\(path)'")
        }
        guard let pair = entry.pair else {
            throw CredentialProblem("the entry '\(key)' of '\(path)' has no user name and password that can be read")
        }
        return FoundCredential(.password(username: pair.username, password: pair.password), origin: "'\(path)'")
    }

    /// The key that fits most exactly; of several the first in order.
    private static func best(_ keys: some Sequence<String>, for repository: Repository) -> String? {
        let matches = keys.sorted().compactMap { key in repository.match(key).map { (key: key, parts: $0) } }
        let most = matches.map(\.parts).max()
        return matches.first { $0.parts == most }?.key
    }
}

extension CredentialFile.Entry {
    fileprivate var isSilent: Bool {
        [auth, username, password, identitytoken].compactMap(\.self).allSatisfy(\.isEmpty)
    }

    /// `auth` is base64 of `user:password`, and wins over both written out.
    fileprivate var pair: (username: String, password: String)? {
        if let auth, !auth.isEmpty {
            guard let bytes = Data(base64Encoded: auth), let text = String(validating: bytes, as: UTF8.self),
                let colon = text.firstIndex(of: ":"), colon != text.startIndex
            else { return nil }
            let password = text[text.index(after: colon)...]
            // Old clients padded with zero bytes.
            return (String(text[..<colon]), String(password.filter { $0 != "\0" }))
        }
        guard let username, let password, !username.isEmpty else { return nil }
        return (username, password)
    }
}
