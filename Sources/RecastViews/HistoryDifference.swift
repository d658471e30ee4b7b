package import RecastModel

/// What became another between two releases, for people.
package struct HistoryDifference {
    let history: History
    let before: Release
    let after: Release

    package init(_ history: History, from before: Release, to after: Release) {
        self.history = history
        self.before = before
        self.after = after
    }

    /// A line for each service that differs, and where the manifests' changes are to be seen.
    package var lines: [String] {
        let (old, new) = (history.state(after: before), history.state(after: after))
        let names = Set(old.keys).union(new.keys).sorted()
        let rows = names.compactMap { name in Self.words(old[name], new[name]).map { [name.text, $0] } }
        let title = "release \(before.number) → \(after.number)"
        let commits = [before, after].map { $0.origin.commit?.printable ?? "" }
        let hint = commits.contains("") || commits[0] == commits[1] ? [] : ["", "git diff \(commits[0]) \(commits[1])"]
        return [title, ""] + (rows.isEmpty ? ["  nothing differs"] : TextTable.lines(rows).map { "  \($0)" }) + hint
    }

    private static func words(_ old: Set<ReleasedImage>?, _ new: Set<ReleasedImage>?) -> String? {
        guard old != new else { return nil }
        guard let new, !new.isEmpty else { return "removed, was \(text(old))" }
        guard let old, !old.isEmpty else { return "added: \(text(new))" }
        if Set(old.map(\.digest)) == Set(new.map(\.digest)) { return "\(text(new)), configured otherwise" }
        return "\(text(old)) → \(text(new))"
    }

    private static func text(_ images: Set<ReleasedImage>?) -> String {
        Set((images ?? []).map { "\(HistoryText.tag($0.reference, $0.digest)) (\($0.digest.prefix(19)))" }).sorted()
            .joined(separator: ", ")
    }
}
