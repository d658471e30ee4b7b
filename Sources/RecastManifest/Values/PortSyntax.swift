package import RecastModel

/// The short syntax of `ports`, `[address:][host[-host]:]container[-container][/protocol]`, and that of `expose`.
package enum PortSyntax {
    /// One entry for each container port.
    ///
    /// A range of host ports for a single container port stays a range.
    package static func parse(_ text: String) throws(GrammarError) -> [PublishedPort] {
        let parts = try Parts(text)
        let container = try range(parts.container)
        let host = parts.host.isEmpty ? nil : try range(parts.host)
        guard let host else {
            return container.map { PublishedPort(ContainerPort($0, parts.proto), hostAddress: parts.address) }
        }
        if container.count == 1, host.count > 1 {
            let port = ContainerPort(container.lowerBound, parts.proto)
            let choice = "\(host.lowerBound)-\(host.upperBound)"
            return [PublishedPort(port, hostAddress: parts.address, hostPort: choice)]
        }
        guard container.count == host.count else {
            throw GrammarError(
                "\(host.count) host ports cannot serve \(container.count) container ports",
                over: parts.host.startIndex..<parts.container.endIndex, help: "make the ranges equally long")
        }
        return zip(container, host).map { container, host in
            PublishedPort(
                ContainerPort(container, parts.proto), hostAddress: parts.address, hostPort: String(host))
        }
    }

    /// `3000`, `8000-8010` or `53/udp`.
    package static func parseExposed(_ text: String) throws(GrammarError) -> [ContainerPort] {
        let parts = try Parts(text)
        guard parts.container.startIndex == 0 else {
            throw GrammarError(
                "an exposed port has no host part", over: 0..<parts.container.startIndex,
                help: "publish it under `ports`")
        }
        return try range(parts.container).map { ContainerPort($0, parts.proto) }
    }

    private static func range(_ scalars: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> ClosedRange<Int> {
        let ends = scalars.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let first = try number(ends[0])
        guard ends.count == 2 else { return first...first }
        let last = try number(ends[1])
        guard first <= last else {
            throw GrammarError("the range ends before it begins", over: scalars.indices, help: "write \(last)-\(first)")
        }
        return first...last
    }

    private static func number(_ scalars: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> Int {
        let text = scalars.text
        guard !scalars.isEmpty, scalars.allSatisfy(\.isASCIIDigit) else {
            let isAddress = IPAddress(text) != nil
            throw GrammarError(
                scalars.isEmpty ? "a port number is missing" : "'\(text)' is no port number", over: scalars.indices,
                help: isAddress ? "write \(text):HOST:CONTAINER, or \(text)::CONTAINER for any free host port" : nil)
        }
        guard let number = Int(text), (1...65535).contains(number) else {
            throw GrammarError("\(text) is no port number", over: scalars.indices, help: "ports go from 1 to 65535")
        }
        return number
    }
}

extension PortSyntax {
    /// The sections between the colons, as slices of one array so that their indices are offsets.
    private struct Parts {
        let address: String
        /// Empty: any free port.
        let host: ArraySlice<Unicode.Scalar>
        let container: ArraySlice<Unicode.Scalar>
        let proto: TransportProtocol

        init(_ text: String) throws(GrammarError) {
            let scalars = Array(text.unicodeScalars)
            let slash = scalars.firstIndex(of: "/") ?? scalars.endIndex
            proto = try Self.proto(scalars[slash...].dropFirst())
            let (address, ports) = try Self.address(scalars[..<slash])
            let sections = ports.split(separator: ":", omittingEmptySubsequences: false)
            self.address = address
            container = sections.last ?? ports
            host = sections.count > 1 ? sections[0] : ports[ports.startIndex..<ports.startIndex]
        }

        /// The address before the last two sections, without its brackets.
        private static func address(
            _ scalars: ArraySlice<Unicode.Scalar>
        ) throws(GrammarError) -> (String, ports: ArraySlice<Unicode.Scalar>) {
            let colons = scalars.indices.filter { scalars[$0] == ":" }
            guard colons.count >= 2 else { return ("", scalars) }
            let end = colons[colons.count - 2]
            let written = scalars[..<end].text
            let isBracketed = written.hasPrefix("[") && written.hasSuffix("]")
            let address = isBracketed ? String(written.dropFirst().dropLast()) : written
            guard let parsed = IPAddress(address), isBracketed == !parsed.isIPv4 else {
                let needsBrackets = !isBracketed && IPAddress(address) != nil
                throw GrammarError(
                    needsBrackets ? "an IPv6 address needs brackets" : "'\(written)' is no IP address",
                    over: 0..<end,
                    help: needsBrackets ? "write [\(address)]" : "write an address such as 127.0.0.1, not a name")
            }
            return (address, scalars[(end + 1)...])
        }

        private static func proto(_ scalars: ArraySlice<Unicode.Scalar>) throws(GrammarError) -> TransportProtocol {
            let text = scalars.text
            if text.isEmpty { return .tcp }
            guard let proto = TransportProtocol(rawValue: text.lowercased()) else {
                throw GrammarError("'\(text)' is no protocol", over: scalars.indices, help: "use tcp, udp or sctp")
            }
            return proto
        }
    }
}
