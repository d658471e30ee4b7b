/// A name that cannot be mistaken for a name of another kind.
package struct Name<Kind>: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }
    package init(stringLiteral text: String) { self.text = text }

    package var description: String { text }
    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.text < rhs.text }
}

package enum EnvironmentKind {}
package enum ApplicationKind {}
package enum ServiceKind {}
package enum HostKind {}

/// One stage: a file under `environments/`.
package typealias EnvironmentName = Name<EnvironmentKind>
/// One manifest's `name:`.
package typealias ApplicationName = Name<ApplicationKind>
package typealias ServiceName = Name<ServiceKind>
/// One container engine at one endpoint.
package typealias HostName = Name<HostKind>

/// An instance without its host: the n-th container of a service.
///
/// Slots count from 1.
package struct InstanceAddress: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let service: ServiceName
    package let slot: Int

    package init(_ service: ServiceName, slot: Int) {
        self.service = service
        self.slot = slot
    }

    package var description: String { "\(service).\(slot)" }
    package static func < (lhs: Self, rhs: Self) -> Bool {
        (lhs.service, lhs.slot) < (rhs.service, rhs.slot)
    }
}
