import NIOCore
import NIOSSL

/// Demands the expected name of a certificate.
///
/// The library accepts the address that was connected to in its place, so that whoever answers for a name could show
/// the certificate of another machine.
struct NameCheck {
    struct WrongName: Error {}

    let name: String

    /// RFC 6125: the whole name, or a wildcard as its first label; a certificate without any name is the library's own
    /// affair.
    func accepts(_ certificate: NIOSSLCertificate) -> Bool {
        let facts = CertificateFacts(certificate: certificate)
        return facts.names.isEmpty || facts.hosts.contains(where: matches)
    }

    /// Closes a connection whose certificate is for another name before anything is sent.
    func check(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            guard let certificate, accepts(certificate) else { throw WrongName() }
        }.flatMapError { error in
            channel.close().flatMapThrowing { throw error }
        }
    }

    private func matches(_ pattern: String) -> Bool {
        let wanted = name.lowercased()
        let pattern = pattern.lowercased()
        guard let rest = pattern.hasPrefix("*.") ? pattern.dropFirst() : nil else { return pattern == wanted }
        guard let dot = wanted.firstIndex(of: "."), dot != wanted.startIndex else { return false }
        return wanted[dot...] == rest
    }
}
