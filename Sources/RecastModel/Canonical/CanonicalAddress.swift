extension CanonicalText {
    /// An IP address in one spelling; text that is none stays.
    ///
    /// `""` means every address and is not `0.0.0.0`.
    package static func address(_ text: String) -> String {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        guard bare.contains(":"), let groups = ipv6Groups(bare) else { return bare }
        return groups.map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// The eight groups of an IPv6 address.
    private static func ipv6Groups(_ text: String) -> [UInt16]? {
        let halves = splitAtGap(text)
        guard halves.count <= 2, let head = groups(halves[0]) else { return nil }
        guard halves.count == 2 else { return head.count == 8 ? head : nil }
        guard let tail = groups(halves[1]), head.count + tail.count < 8 else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func splitAtGap(_ text: String) -> [String] {
        var halves = [""]
        var rest = Substring(text)
        while let first = rest.first {
            if rest.hasPrefix("::") {
                halves.append("")
                rest = rest.dropFirst(2)
            } else {
                halves[halves.count - 1].append(first)
                rest = rest.dropFirst()
            }
        }
        return halves
    }

    private static func groups(_ text: String) -> [UInt16]? {
        if text.isEmpty { return [] }
        var result: [UInt16] = []
        for part in text.split(separator: ":", omittingEmptySubsequences: false) {
            if part.contains(".") {
                let bytes = part.split(separator: ".").compactMap { UInt16($0) }
                guard bytes.count == 4, bytes.allSatisfy({ $0 < 256 }) else { return nil }
                result += [bytes[0] << 8 | bytes[1], bytes[2] << 8 | bytes[3]]
            } else if part.count <= 4, let group = UInt16(part, radix: 16) {
                result.append(group)
            } else {
                return nil
            }
        }
        return result
    }
}
