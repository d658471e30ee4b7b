import NIOSSL

/// The kinds of failures of TLS, told apart by the reasons that the library names.
enum TLSFailure: Hashable {
    case untrusted
    case wrongName
    /// The other side does not speak TLS.
    case notTLS
    /// The server's alert about the client's certificate, in words.
    case clientCertificate(reason: String)
    case other

    /// `nil` for an error that has nothing to do with TLS.
    init?(_ error: any Error) {
        if error is NameCheck.WrongName {
            self = .wrongName
            return
        }
        guard error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError else { return nil }
        let text = "\(error)"
        if let alert = Self.clientAlerts.first(where: { text.contains($0.name) }) {
            self = .clientCertificate(reason: alert.reason)
        } else if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self = .untrusted
        } else if Self.isWrongName(error) {
            self = .wrongName
        } else if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"].contains(where: text.contains) {
            self = .notTLS
        } else {
            self = .other
        }
    }

    private static func isWrongName(_ error: any Error) -> Bool {
        switch error {
        case let error as NIOSSLExtraError:
            error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
        case NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate: true
        default: false
        }
    }

    /// RFC 8446 section 6.2, in BoringSSL's spelling; a longer name before one that it begins with.
    private static let clientAlerts: [(name: String, reason: String)] = [
        ("ALERT_CERTIFICATE_REQUIRED", "certificate required"),
        ("ALERT_BAD_CERTIFICATE", "bad certificate"),
        ("ALERT_UNSUPPORTED_CERTIFICATE", "unsupported certificate"),
        ("ALERT_CERTIFICATE_REVOKED", "certificate revoked"),
        ("ALERT_CERTIFICATE_EXPIRED", "certificate expired"),
        ("ALERT_CERTIFICATE_UNKNOWN", "certificate unknown"),
        ("ALERT_UNKNOWN_CA", "unknown authority"),
        ("ALERT_ACCESS_DENIED", "access denied"),
        ("ALERT_NO_CERTIFICATE", "no certificate"),
        ("ALERT_HANDSHAKE_FAILURE", "handshake failure"),
        ("ALERT_DECRYPT_ERROR", "decrypt error"),
    ]
}
