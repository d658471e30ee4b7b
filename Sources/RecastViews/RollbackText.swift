package import RecastModel

/// The ways back, for people.
package enum RollbackText {
    /// The newest first, a line each.
    package static func lines(_ options: [RollbackOption]) -> [String] {
        if options.isEmpty {
            return ["There is no release to go back to: none that ended well differs from what runs."]
        }
        let rows = options.map { option in
            let release = option.target.release
            return [
                "\(release.number)", TimeText.date(release.began), release.origin.actor.printable,
                option.target.commit.map { String($0.prefix(12)) } ?? "-", readiness(option), images(option.target),
            ]
        }
        return TextTable.lines([["RELEASE", "BEGAN", "BY", "COMMIT", "IMAGES ARE", "IMAGES"]] + rows)
    }

    private static func readiness(_ option: RollbackOption) -> String {
        let groups = Dictionary(grouping: option.readiness, by: \.value).sorted { $0.key < $1.key }
        let words = groups.map { value, hosts in
            let words = value == .pull ? "in the registry" : value.rawValue
            return groups.count == 1 ? words : "\(words) (\(hosts.map(\.key.text).sorted().joined(separator: ", ")))"
        }
        return words.isEmpty ? "-" : words.joined(separator: ", ")
    }

    private static func images(_ target: RollbackTarget) -> String {
        target.services.sorted { $0.key < $1.key }.map { name, service in
            "\(name) \(HistoryText.tag(service.reference, service.digest))"
        }.joined(separator: ", ")
    }

    /// What a person should know before the plan.
    package struct Notes {
        private let target: RollbackTarget
        private let failed: Release?
        /// Says how services would be made, to be compared with what was recorded.
        package var plan: Plan?
        /// Services that do not go back unless they are named.
        package var staying: Set<ServiceName> = []
        /// Services that do not run unless they are named.
        package var tasks: Set<ServiceName> = []

        /// `failed`: the newest release, when it changed nothing.
        package init(target: RollbackTarget, failed: Release? = nil) {
            self.target = target
            self.failed = failed
        }

        package var lines: [String] {
            let release = target.release
            let reason = release.origin.reason.map { ", '\($0.printable)'" } ?? ""
            var lines = [
                "Back to release \(release.number) of \(TimeText.date(release.began)) by \(release.origin.actor.printable)"
                    + "\(reason): \(images(target))."
            ]
            if let failed, failed.number > release.number {
                lines.append(
                    "Release \(failed.number) failed and changed nothing: what runs is from before it, and this goes back"
                        + " from there.")
            }
            let others = plan.map { RollbackText.others(target, $0) } ?? []
            if !others.isEmpty {
                lines.append(
                    "Not configured as it was then: \(names(Set(others))). What comes from today differs: secrets,"
                        + " variables of this process, files that are in no commit.")
            }
            if !staying.isEmpty {
                lines.append(
                    "As they are, for they have data: \(names(staying)). Volumes never go back; --service takes the"
                        + " program back.")
            }
            let idle = tasks.subtracting(staying)
            if !idle.isEmpty { lines.append("Not run, for they are tasks: \(names(idle)). --service runs them.") }
            return lines + [""]
        }

        private func names(_ services: Set<ServiceName>) -> String {
            services.sorted().map(\.text).joined(separator: ", ")
        }
    }

    /// The services that would be made in another way than they were.
    private static func others(_ target: RollbackTarget, _ plan: Plan) -> [ServiceName] {
        let made = plan.steps.compactMap { step -> InstanceLabels? in
            if case .createContainer(let creation) = step.action { creation.identity } else { nil }
        }
        let different = made.filter { identity in
            target.services[identity.address.service].map { !$0.specHashes.contains(identity.specHash) } ?? false
        }
        return Set(different.map(\.address.service)).sorted()
    }

    package static func noCommit(_ target: RollbackTarget) -> String {
        let found = target.release.origin.commit.map { ", only \($0.printable)" } ?? ""
        return
            "release \(target.release.number) has no commit\(found), so its configuration is not known; to go back to"
            + " its images in today's configuration: --image-only"
    }

    package static func words(_ refusal: RollbackRefusal) -> String {
        switch refusal {
        case .nothing:
            "there is no release to go back to: none that ended well differs from what runs, but for what was rejected or"
                + " rolled back; recast history shows them, and --to names one"
        case .unknown(let number, let known):
            "no host remembers release \(number); there is "
                + (known.isEmpty ? "none" : known.prefix(10).map(String.init).joined(separator: ", "))
        case .unknownDigest(let digest): "no release that ended well had \(digest)"
        case .notDone(let number, let result): "release \(number) did not end well: \(HistoryText.words(result))"
        case .rejected(let number, let rejection):
            "release \(number) has \(rejection.digest.prefix(19)) for '\(rejection.service)', which was rejected by"
                + " \(rejection.by.printable): \(rejection.reason.printable); take it off 'rejected' in the lock file if it is"
                + " to run after all"
        case .mixed(let number, let service):
            "the hosts had different images of '\(service)' in release \(number); name the other services with --service"
        case .noDigest(let number, let service):
            "the image of '\(service)' in release \(number) was on its host only, and has no digest"
        case .anothers(let application, let environment):
            "its files were those of '\(application)' in '\(environment)'; to go back to the images alone: --image-only"
        case .schema(let number, let what):
            "release \(number) had a build of '\(what.service)' that works with \(SchemaPolicy.text(what.works)) of schema"
                + " '\(what.schema)', which a release brought to \(what.version); when the database is not at"
                + " \(what.version), as after a restore: --accept \(Acceptance(.schema, what.schema))"
        case .hostGone(let host):
            "it ran on \(host), which is no longer part of the environment; to go back to the images alone: --image-only"
        }
    }
}

/// The same for programs.
package struct RollbackDocument: Encodable {
    struct Item: Encodable {
        let release: Int
        let name: String
        let began: Int64
        let by: String
        let commit: String?
        let images: [String: String]
        let hosts: [String: String]
    }

    let format = 1
    let releases: [Item]

    package init(_ options: [RollbackOption]) {
        releases = options.map { option in
            let release = option.target.release
            return Item(
                release: release.number, name: release.name, began: release.began, by: release.origin.actor,
                commit: option.target.commit,
                images: Dictionary(
                    uniqueKeysWithValues: option.target.services.map {
                        ($0.key.text, "\($0.value.reference)@\($0.value.digest)")
                    }),
                hosts: Dictionary(uniqueKeysWithValues: option.readiness.map { ($0.key.text, $0.value.rawValue) }))
        }
    }
}
