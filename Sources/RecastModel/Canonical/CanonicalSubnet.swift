extension CanonicalText {
    /// An address range without host bits: `10.97.1.2/16` → `10.97.0.0/16`.
    ///
    /// Engines from 25 on refuse a range with host bits, older ones keep it as it was written. Text that is no range
    /// stays.
    package static func subnet(_ text: String, keepingHostBits: Bool = false) -> String {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let bits = Int(parts[1]), bits >= 0 else { return text }
        let address = address(parts[0])
        let isIPv6 = address.contains(":")
        let width = isIPv6 ? 16 : 8
        let groups = address.split(separator: isIPv6 ? ":" : ".").compactMap { Int($0, radix: isIPv6 ? 16 : 10) }
        guard groups.count == (isIPv6 ? 8 : 4), bits <= groups.count * width else { return text }
        let masked = groups.enumerated().map { index, group in
            let kept = keepingHostBits ? width : min(max(bits - index * width, 0), width)
            return (group >> (width - kept)) << (width - kept)
        }
        return masked.map { String($0, radix: isIPv6 ? 16 : 10) }.joined(separator: isIPv6 ? ":" : ".") + "/\(bits)"
    }
}
