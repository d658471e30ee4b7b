/// The short syntax of `volumes`: `[source:]target[:options]`.
package struct VolumeSyntax: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case anonymous
        /// A volume's key.
        case named(String)
        /// A path of the host, as written: it may begin with `.` or `~`.
        case bind(String)
    }

    package private(set) var source = Source.anonymous
    /// Without `.`, `..` and doubled slashes.
    package private(set) var target = ""
    package private(set) var readOnly = false
    package private(set) var noCopy = false
    package private(set) var propagation: String?
    /// `z` or `Z`.
    package private(set) var selinux: String?
    /// Characters before the target.
    package private(set) var targetOffset = 0
    /// What Docker Compose passes over in silence.
    package private(set) var warnings: [GrammarError] = []

    package init(_ text: String) throws(GrammarError) {
        let scalars = Array(text.unicodeScalars)
        guard !scalars.isEmpty else { throw GrammarError("a volume is missing", at: 0) }
        let sections = Self.sections(of: scalars)
        if sections.count > 1, let empty = sections.first(where: \.isEmpty) {
            throw GrammarError("a part is empty", at: empty.startIndex, help: "write source:target")
        }
        guard sections.count <= 3 else {
            throw GrammarError(
                "'\(sections[3].text)' is one part too many", over: sections[3].indices,
                help: "write source:target:options")
        }
        if sections.count > 1 { source = Self.source(sections[0].text) }
        let written = sections.count > 1 ? sections[1] : sections[0]
        target = FilePath.clean(written.text)
        targetOffset = written.startIndex
        warnAboutDrive(scalars)
        if sections.count == 3 { read(options: sections[2]) }
    }

    /// Colons within `${…}` and the one of a drive letter do not separate.
    private static func sections(of scalars: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        guard scalars.count > 2 else { return [scalars[...]] }
        var sections: [ArraySlice<Unicode.Scalar>] = []
        var start = 0
        var braces = 0
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "$" where scalars[(index + 1)...].first == "{": braces += 1
            case "}" where braces > 0: braces -= 1
            case ":" where braces == 0 && !isDriveLetter(scalars[start..<index]):
                sections.append(scalars[start..<index])
                start = index + 1
            default: break
            }
        }
        return sections + [scalars[start...]]
    }

    private static func isDriveLetter(_ section: ArraySlice<Unicode.Scalar>) -> Bool {
        section.count == 1 && section.allSatisfy(\.properties.isAlphabetic)
    }

    private static func source(_ text: String) -> Source {
        let scalars = Array(text.unicodeScalars)
        let isPath = scalars.first.map { ["." as Unicode.Scalar, "/", "~"].contains($0) } ?? false
        let isDrive = isDriveLetter(scalars.prefix(1)) && scalars.dropFirst().first == ":"
        return isPath || isDrive || text.hasPrefix("\\\\") ? .bind(text) : .named(text)
    }

    private mutating func warnAboutDrive(_ scalars: [Unicode.Scalar]) {
        guard scalars.count > 2, scalars[1] == ":", Self.isDriveLetter(scalars[..<1]), scalars[2] == "/" else {
            return
        }
        warnings.append(
            GrammarError(
                "'\(scalars[0]):' is read as a Windows drive, not as a volume", at: 0, length: 2,
                help: "give the volume a name of two letters or more, or use the long syntax"))
    }

    private mutating func read(options: ArraySlice<Unicode.Scalar>) {
        for option in options.split(separator: ",", omittingEmptySubsequences: false) {
            switch option.text {
            case "ro": readOnly = true
            case "rw": readOnly = false
            case "nocopy": noCopy = true
            case "private", "rprivate", "shared", "rshared", "slave", "rslave": propagation = option.text
            case "z", "Z": selinux = option.text
            default:
                warnings.append(
                    GrammarError(
                        "the volume option '\(option.text)' is not known and has no effect", over: option.indices,
                        help: Suggestion.nearest(to: option.text, among: ["nocopy", "rprivate", "rshared", "rslave"])
                            .map { "did you mean '\($0)'?" }))
            }
        }
    }
}
