import NIOSSL

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a message says of a certificate.
struct CertificateFacts {
    let certificate: NIOSSLCertificate

    /// The names and addresses that it is for, in its own order.
    var names: [String] {
        certificate._subjectAlternativeNames().compactMap { name in
            switch name.nameType {
            case .dnsName: String(decoding: Array(name.contents), as: UTF8.self)
            case .ipAddress: address(Array(name.contents))
            default: nil
            }
        }
    }

    /// The names without the addresses.
    var hosts: [String] {
        certificate._subjectAlternativeNames().filter { $0.nameType == .dnsName }
            .map { String(decoding: Array($0.contents), as: UTF8.self) }
    }

    /// Why it cannot be used at a time: `expired on 2026-01-31`; `nil` when it can.
    func problem(at now: Date) -> String? {
        let end = Date(timeIntervalSince1970: TimeInterval(certificate.notValidAfter))
        let start = Date(timeIntervalSince1970: TimeInterval(certificate.notValidBefore))
        if end < now { return "expired on \(end.formatted(.iso8601))" }
        if start > now {
            return "is not valid before \(start.formatted(.iso8601)); is the clock of this machine right?"
        }
        return nil
    }

    private func address(_ bytes: [UInt8]) -> String? {
        switch bytes.count {
        case 4: return bytes.map(String.init).joined(separator: ".")
        case 16:
            let groups = stride(from: 0, to: 16, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
            return groups.map { String($0, radix: 16) }.joined(separator: ":")
        default: return nil
        }
    }
}
