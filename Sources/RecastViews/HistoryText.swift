package import RecastModel

/// The releases of an environment, for people.
package struct HistoryText {
    private let history: History
    private let style: Style

    package init(_ history: History, style: Style = Style()) {
        self.history = history
        self.style = style
    }

    /// The newest first, a line each.
    ///
    /// `limit`: how many.
    package func lines(limit: Int) -> [String] {
        let shown = history.releases.prefix(limit)
        let rows = shown.map { release in
            [
                "\(release.number)", TimeText.date(release.began), release.origin.actor.printable,
                Self.operation(release.origin), Self.words(release.result), "\(release.hosts.count)",
                changes(in: release) + (release.origin.reason.map { "  (\($0.printable))" } ?? ""),
            ]
        }
        let heading = ["RELEASE", "BEGAN", "BY", "WHAT", "RESULT", "HOSTS", "IMAGES"]
        var lines = rows.isEmpty ? ["No release is recorded."] : TextTable.lines([heading] + rows)
        let left = history.releases.count - shown.count
        if left > 0 { lines.append("\(left) more: --limit \(history.releases.count)") }
        return lines + doubtful + silent
    }

    /// What does not add up; nothing depends on it.
    private var doubtful: [String] {
        let missing = history.missing.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        var lines: [String] = []
        if !missing.isEmpty {
            lines.append(
                "No host that answers remembers \(missing.joined(separator: ", ")): their volumes were removed, or their hosts are gone."
            )
        }
        for number in history.repeated {
            lines.append(
                "Several releases have number \(number): their hosts were changed apart, or set back to an earlier state."
            )
        }
        return lines
    }

    /// One of them, host by host.
    package func lines(of release: Release) -> [String] {
        let origin = release.origin
        let facts = [
            ("by", origin.actor), ("began", TimeText.date(release.began)), ("what", Self.operation(origin)),
            ("result", Self.words(release.result)), ("commit", origin.commit ?? ""), ("reason", origin.reason ?? ""),
            (
                "schema",
                release.schemas.sorted { $0.key < $1.key }.map {
                    "\($0.key) \($0.value.version.map(String.init) ?? "unknown")"
                }.joined(separator: ", ")
            ),
            ("tool", "recast \(origin.toolVersion)"), ("name", release.name),
        ].filter { !$0.1.isEmpty }
        let rows = release.hosts.sorted { $0.key < $1.key }.flatMap { host, record in
            let result = record.outcome.map { Self.words(Release.Result($0)) } ?? Self.words(.unfinished)
            return record.services.sorted { $0.key < $1.key }.map { name, service in
                [
                    host.text, name.text, "\(service.instances)", service.image,
                    String(service.digest.prefix(19)), result,
                ]
            }
        }
        let table = TextTable.lines([["HOST", "SERVICE", "INSTANCES", "IMAGE", "DIGEST", "RESULT"]] + rows)
        return [style.paint("release \(release.number)", .bold)]
            + facts.map { "  \($0.0.padded(to: 8))\($0.1.printable)" }
            + [""] + table + silent
    }

    private var silent: [String] {
        history.unreachable.sorted { $0.key < $1.key }.map { "\($0.key)   unreachable: \($0.value.printable)" }
    }

    /// What it put in the place of something else.
    private func changes(in release: Release) -> String {
        let before = history.images(before: release)
        let words = release.images.sorted { $0.key < $1.key }.compactMap { name, images -> String? in
            guard before[name] != images, let image = images.sorted(by: { $0.reference < $1.reference }).first else {
                return nil
            }
            let isSame = before[name]?.contains { $0.digest == image.digest } ?? false
            return "\(name) \(isSame ? "configured" : Self.tag(image.reference, image.digest))"
        }
        return words.isEmpty ? "-" : words.joined(separator: ", ")
    }

    private static func operation(_ origin: ReleaseOrigin) -> String {
        origin.operation.printable + (origin.restores.map { " to \($0)" } ?? "")
    }

    /// The tag, or else the digest in short.
    static func tag(_ reference: String, _ digest: String) -> String {
        let name = reference.split(separator: "/").last ?? ""
        return (name.firstIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? String(digest.prefix(19)))
            .printable
    }

    static func words(_ result: Release.Result) -> String {
        switch result {
        case .done: "done"
        case .failed: "failed, nothing changed"
        case .partlyDone: "partly done"
        case .interrupted: "interrupted"
        case .unfinished: "unfinished"
        }
    }
}

extension Release.Result {
    fileprivate init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .done: .done
            case .failed: .failed
            case .partlyDone: .partlyDone
            case .interrupted: .interrupted
            }
    }
}
