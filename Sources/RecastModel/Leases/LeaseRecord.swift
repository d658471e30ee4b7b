/// One entry of a host's log of leases: a volume that stays empty, whose labels say this.
package struct LeaseRecord: Hashable, Sendable {
    package enum Kind: String, Sendable {
        case acquire, renew, release
        /// Somebody else took it away.
        case `break`
    }

    package let kind: Kind
    package let lease: Lease
    /// Since when it is held, in seconds of the Unix epoch, by the host's clock.
    package let since: Int64
    /// When this was written, likewise.
    package let written: Int64
    /// For how many seconds it holds from then on.
    package let lasts: Int64
    /// Tells it from every other entry, also of the same lease.
    package let nonce: String

    package init(_ kind: Kind, _ lease: Lease, since: Int64, written: Int64, lasts: Int64, nonce: String) {
        self.kind = kind
        self.lease = lease
        self.since = since
        self.written = written
        self.lasts = lasts
        self.nonce = nonce
    }

    /// `nil` for labels that are no entry's.
    package init?(labels: [String: String]) {
        let text = { (key: InstanceLabels.Key) in labels[key.name] }
        let number = { (key: InstanceLabels.Key) in labels[key.name].flatMap { Int64($0) } }
        guard let kind = text(.record).flatMap({ Kind(rawValue: $0) }), let id = text(.lease),
            let holder = text(.holder), let operation = text(.operation), let since = number(.since),
            let written = number(.made), let lasts = number(.lasts), let nonce = text(.identity)
        else { return nil }
        self.init(
            kind, Lease(id: id, holder: holder, operation: operation, process: text(.process)), since: since,
            written: written, lasts: lasts,
            nonce: nonce)
    }

    package var labels: [String: String] {
        let values: [InstanceLabels.Key: String?] = [
            .record: kind.rawValue, .lease: lease.id, .holder: lease.holder, .operation: lease.operation,
            .since: "\(since)", .made: "\(written)", .lasts: "\(lasts)", .identity: nonce, .process: lease.process,
        ]
        return Dictionary(uniqueKeysWithValues: values.compactMap { key, value in value.map { (key.name, $0) } })
    }
}
