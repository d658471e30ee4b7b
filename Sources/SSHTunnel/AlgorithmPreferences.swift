import CSSH2

/// The algorithms that are offered: the safe ones of those that the library has.
enum AlgorithmPreferences {
    static let keyExchange = [
        "curve25519-sha256", "curve25519-sha256@libssh.org", "ecdh-sha2-nistp256", "ecdh-sha2-nistp384",
        "ecdh-sha2-nistp521", "diffie-hellman-group16-sha512", "diffie-hellman-group18-sha512",
        "diffie-hellman-group14-sha256", "diffie-hellman-group-exchange-sha256",
    ]
    static let hostKey = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512",
        "rsa-sha2-256",
    ]
    static let cipher = [
        "aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes128-ctr",
        "aes256-ctr", "aes192-ctr",
    ]
    static let mac = [
        "hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512",
    ]

    /// Restricts the offer of a session and returns it by kind.
    static func apply(to session: OpaquePointer, hostKeys known: [String]) -> ServerProposal {
        var offer = ServerProposal()
        let hostKeys = known.isEmpty ? hostKey : known.filter(hostKey.contains)
        unsafe offer.keyExchange = restrict(session, LIBSSH2_METHOD_KEX, keyExchange)
        unsafe offer.hostKey = restrict(session, LIBSSH2_METHOD_HOSTKEY, hostKeys)
        unsafe offer.ciphersToServer = restrict(session, LIBSSH2_METHOD_CRYPT_CS, cipher)
        unsafe offer.ciphersToClient = restrict(session, LIBSSH2_METHOD_CRYPT_SC, cipher)
        unsafe offer.macsToServer = restrict(session, LIBSSH2_METHOD_MAC_CS, mac)
        unsafe offer.macsToClient = restrict(session, LIBSSH2_METHOD_MAC_SC, mac)
        return offer
    }

    private static func restrict(_ session: OpaquePointer, _ method: Int32, _ wanted: [String]) -> [String] {
        let supported = unsafe Self.supported(session, method)
        let chosen = wanted.filter(supported.contains)
        guard !chosen.isEmpty else { return [] }
        return unsafe libssh2_session_method_pref(session, method, chosen.joined(separator: ",")) == 0 ? chosen : []
    }

    private static func supported(_ session: OpaquePointer, _ method: Int32) -> Set<String> {
        var names: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        let count = unsafe libssh2_session_supported_algs(session, method, &names)
        guard count > 0, let names = unsafe names else { return [] }
        defer { unsafe libssh2_free(session, names) }
        var found: Set<String> = []
        for index in 0..<Int(count) {
            if let name = unsafe names[index] { unsafe found.insert(String(cString: name)) }
        }
        return found
    }
}
