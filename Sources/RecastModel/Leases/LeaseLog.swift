/// The entries of a host's log, as the host has them at one moment.
package struct LeaseLog: Hashable, Sendable {
    /// By their numbers; `nil` for one whose writer was cut off, which takes a number and means nothing.
    package let records: [Int: LeaseRecord?]
    /// The host's clock, in seconds of the Unix epoch.
    package let clock: Int64

    package init(_ records: [Int: LeaseRecord?], clock: Int64) {
        self.records = records
        self.clock = clock
    }

    package enum State: Hashable, Sendable {
        case free
        case held(LeaseRecord)
        /// Its holder did not renew it in time.
        case expired(LeaseRecord)

        package var record: LeaseRecord? {
            switch self {
            case .free: nil
            case .held(let record), .expired(let record): record
            }
        }
    }

    package var top: Int { records.keys.max() ?? 0 }

    /// What the newest entry that means something says.
    package var state: State {
        guard let record = records.sorted(by: { $0.key > $1.key }).lazy.compactMap(\.value).first else { return .free }
        switch record.kind {
        case .release, .break: return .free
        case .acquire, .renew: return record.written + record.lasts < clock ? .expired(record) : .held(record)
        }
    }

    /// What is kept on hosts in volumes whose names begin so is no volume of the application.
    package static let reserved = "recast.v1."

    /// With what the names of the entries begin; a number of eight digits follows.
    package static func prefix(_ environment: EnvironmentName, _ application: ApplicationName) -> String {
        "\(reserved)\(application).\(environment).lock."
    }
}
