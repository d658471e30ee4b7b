import RecastModel

/// Canonical values in the words a person uses.
enum FieldText {
    /// A field's path as a plan shows it.
    static func name(_ field: String) -> String {
        if field.hasPrefix("environment.") { return "env." + field.dropFirst("environment.".count) }
        return field.hasPrefix(FileRecord.fieldPrefix)
            ? String(field.dropFirst(FileRecord.fieldPrefix.count)).printable : field
    }

    static func value(_ text: String?, of field: String) -> String {
        guard let text else { return "nothing" }
        if text == removedVariable { return "removed" }
        if bytes.contains(field), let count = Int64(text) { return count < 0 ? "unlimited" : byteSize(count) }
        if field == "cpus", let nanos = Int64(text) { return decimal(nanos, unit: 1_000_000_000) }
        if durations.contains(field), let nanos = Int64(text) { return duration(nanos) }
        if field == "stop_grace_period" { return text + " s" }
        return oneLine(text.isEmpty ? "\"\"" : text)
    }

    private static let bytes: Set<String> = ["memory", "memory_swap", "memory_reservation", "shm_size"]
    private static let durations: Set<String> = [
        "healthcheck.interval", "healthcheck.timeout", "healthcheck.start_period", "healthcheck.start_interval",
    ]

    /// A value never breaks the table, whatever is in it.
    private static func oneLine(_ text: String) -> String {
        let safe = text.printable
        return safe.count > 120 ? safe.prefix(119) + "…" : safe
    }

    static func byteSize(_ count: Int64) -> String {
        for (unit, size) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] as [(String, Int64)]
        where count >= size {
            return "\(decimal(count, unit: size)) \(unit)"
        }
        return "\(count) B"
    }

    /// At most two digits after the point, none when they are zero.
    static func decimal(_ value: Int64, unit: Int64) -> String {
        let hundredths = (value % unit) * 100 / unit
        let whole = value / unit
        if hundredths == 0 { return value % unit == 0 ? "\(whole)" : "\(whole).00" }
        let digits = hundredths < 10 ? "0\(hundredths)" : "\(hundredths)"
        return "\(whole).\(digits.hasSuffix("0") ? String(digits.dropLast()) : digits)"
    }

    static func duration(_ nanoseconds: Int64) -> String {
        for (unit, size) in [("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1000)] as [(String, Int64)]
        where nanoseconds >= size {
            return "\(decimal(nanoseconds, unit: size)) \(unit)"
        }
        return "\(nanoseconds) ns"
    }

    /// `sha256:` and the first eight digits.
    static func shortDigest(_ digest: String) -> String {
        guard digest.hasPrefix("sha256:"), digest.count > 16 else { return digest }
        return digest.prefix(15) + "…"
    }

    /// Old and new, for one line.
    static func change(_ difference: Difference) -> String {
        if difference.isSensitive { return "(sensitive, changed)" }
        if difference.field == "image" { return image(difference) }
        if let words = file(difference) { return words }
        let desired = value(difference.desired, of: difference.field)
        return "\(value(difference.live, of: difference.field)) → \(desired)"
    }

    /// What was found on the host, and what should be there.
    static func drift(_ difference: Difference) -> String {
        if difference.isSensitive { return "(sensitive, changed)" }
        let live = value(difference.live, of: difference.field)
        return "live \(live), manifest \(value(difference.desired, of: difference.field))"
    }

    /// What became of a file; `nil` for any other field.
    static func file(_ difference: Difference) -> String? {
        guard difference.field.hasPrefix(FileRecord.fieldPrefix) else { return nil }
        return difference.live == nil ? "added" : difference.desired == nil ? "removed" : "changed"
    }

    private static func image(_ difference: Difference) -> String {
        let (old, new) = (split(difference.live ?? ""), split(difference.desired ?? ""))
        guard difference.live != nil else { return "\(new.name)   \(new.digest)" }
        let name = old.name == new.name ? new.name : "\(old.name) → \(newName(new.name, after: old.name))"
        return "\(name)   \(old.digest) → \(new.digest)"
    }

    /// The tag alone when the repository is the same.
    private static func newName(_ new: String, after old: String) -> String {
        guard let mark = new.lastIndex(of: ":"), old.hasPrefix(new[...mark]) else { return new }
        return String(new[mark...])
    }

    private static func split(_ text: String) -> (name: String, digest: String) {
        let parts = text.split(separator: " ", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? shortDigest(parts[1]) : "unpinned")
    }
}
