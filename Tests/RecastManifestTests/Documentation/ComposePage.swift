@testable import RecastManifest

/// `docs/reference/compose.md`: every key path of the table that the loader reads by.
enum ComposePage {
    static let text =
        ([head] + sections.map { section($0.title, $0.remark, $0.object) }).joined(separator: "\n\n") + "\n"

    private static let head = """
        # Compose keys

        Made from the table that the loader reads by: \(count) keys, \(differing) read differently than by Docker
        Compose, \(ignored) without effect, \(refused) refused. `x-…` may stand beside the keys of every mapping unless
        a key says otherwise; only `x-recast` is looked at. Where Recast acts as Docker Compose does, the last column is
        empty. What is refused is an error that names it, unless an override takes it away: `KEY: !reset null`.

        Values, merging and placement stand in [Manifests](manifest.md), messages in [Diagnostics](diagnostics.md).
        """

    private static let sections: [(title: String, remark: String, object: Object)] = [
        ("Top level", "", Schema.manifest), ("Services", "Below `services.NAME`.", Schema.service),
        ("Networks", "Below `networks.NAME`.", Schema.network),
        ("Volumes", "Below `volumes.NAME`.", Schema.volume), ("Secrets", "Below `secrets.NAME`.", Schema.secret),
        ("Configs", "Below `configs.NAME`.", Schema.config),
    ]

    private static let rows = sections.map { KeyRow.rows(of: $0.object, hasSections: $0.title == "Top level") }
    private static var all: [KeyRow] { rows.flatMap(\.self).filter { $0.idle == nil } }
    private static var count: Int { rows.reduce(0) { $0 + $1.count } }
    private static var differing: Int { all.count { if case .differs = $0.key.support { true } else { false } } }
    private static var ignored: Int { all.count { if case .ignored = $0.key.support { true } else { false } } }
    private static var refused: Int { all.count { if case .refused = $0.key.support { true } else { false } } }

    private static func section(_ title: String, _ remark: String, _ object: Object) -> String {
        let rows = KeyRow.rows(of: object, hasSections: title == "Top level")
        let table = ["| key | written as | |", "|---|---|---|"] + rows.map(\.line)
        let parts = ["## \(title)", remark, table.joined(separator: "\n")]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
    }
}

/// One key path, and what the table says of it.
private struct KeyRow {
    let path: String
    let key: Key
    /// The key around it with which nothing is done, so that nothing is done with this one either.
    var idle: String?

    /// The keys of an object with those inside of them, by name; `hasSections`: what has a section of its own is not
    /// gone into.
    static func rows(of object: Object, hasSections: Bool) -> [KeyRow] {
        object.fields.sorted { $0.key < $1.key }.flatMap { name, key in
            let inner = hasSections && ["services", "networks", "volumes", "secrets", "configs"].contains(name)
            let parts = inner ? [] : rows(in: key.shape, at: name)
            return [KeyRow(path: name, key: key)]
                + parts.map { KeyRow(path: $0.path, key: $0.key, idle: key.isIdle(name) ? name : $0.idle) }
        }
    }

    private static func rows(in shape: Shape, at path: String) -> [KeyRow] {
        switch shape {
        case .object(let object), .scalarOr(_, let object), .textOr(_, let object):
            rows(of: object, hasSections: false).map { row in
                KeyRow(path: "\(path).\(row.path)", key: row.key, idle: row.idle.map { "\(path).\($0)" })
            }
        case .names(let object, _): rows(in: .object(object), at: "\(path).NAME")
        case .map(let value, _): rows(in: value, at: "\(path).NAME")
        case .list(let list): rows(in: list.item, at: "\(path)[]")
        case .scalar, .words, .pairs, .hosts, .anything: []
        }
    }

    var line: String {
        let treatment = idle.map { "as `\($0)`" } ?? key.support.words
        return "| `\(path)` | \(key.shape.words.cell) | \(treatment.cell) |"
    }
}

extension Key {
    /// What stands inside is checked for its form alone.
    fileprivate func isIdle(_ name: String) -> Bool {
        switch support {
        case .ignored, .refused: true
        case .honoured: false
        case .differs: name == "build"
        }
    }
}

extension Shape {
    fileprivate var words: String {
        switch self {
        case .list(let list):
            let one = list.short.map { "\($0.words), or \(list.item.words)" } ?? list.item.words
            return (list.mayBeSingle ? "one or a list: " : "a list: ") + one
        case .map(let value, _): return "a mapping from names: \(value.words)"
        case .scalarOr(let scalar, _): return "\(scalar.expectation), or a mapping"
        case .textOr(let key, _): return "text, which is `\(key)`, or a mapping"
        case .scalar, .words, .pairs, .hosts, .names, .object, .anything: return expectation
        }
    }
}

extension ShortForm {
    fileprivate var words: String {
        switch self {
        case .port: "`[[HOST_IP:]HOST:]CONTAINER[/PROTOCOL]`"
        case .mount: "`[SOURCE:]TARGET[:OPTIONS]`"
        case .device: "`HOST[:CONTAINER[:PERMISSIONS]]`"
        case .envFile: "a path"
        case .file: "a name"
        case .devices: "`all`"
        case .include: "a path"
        }
    }
}

extension Support {
    fileprivate var words: String {
        switch self {
        case .honoured: ""
        case .differs(let how): how
        case .ignored(let why): "**no effect**: \(why)"
        case .refused(let why, let help): "**refused**: \(why); \(help)"
        }
    }
}

extension String {
    /// Fit for a cell of a table.
    fileprivate var cell: String { replacing("|", with: "\\|") }
}
