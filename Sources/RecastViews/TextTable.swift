/// Rows of cells under each other.
enum TextTable {
    /// `rows`: the first is the heading; all of them have as many cells.
    static func lines(_ rows: [[String]], indent: String = "") -> [String] {
        guard let heading = rows.first else { return [] }
        let widths = heading.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = zip(row, widths).map { $0.padded(to: $1 + 3) }
            return String((indent + cells.joined()).reversed().drop { $0 == " " }.reversed())
        }
    }
}
