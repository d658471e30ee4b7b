import RecastModel

/// A line of a file with a caret under what is meant.
struct Excerpt {
    /// The line and the caret; nothing when there is no line.
    let lines: [String]

    /// `length`: characters under the caret; `remark` stands behind it.
    init(_ line: String?, at position: SourcePosition, length: Int = 1, remark: String? = nil, style: Style) {
        guard let line else {
            lines = []
            return
        }
        // A blank for what cannot be shown, so that the caret stands under what it means.
        let source = String(line.maskingPasswords.map { "\($0)".printable == "\($0)" ? $0 : " " })
        let start = max(position.column - 1, 0)
        let window = source.count > 160 ? max(start - 60, 0) : 0
        let shown = String(source.dropFirst(window).prefix(160))
        let number = String(position.line)
        let gutter = String(repeating: " ", count: max(4 - number.count, 0)) + number
        let blank = String(repeating: " ", count: gutter.count)
        let width = max(1, min(length, shown.count - (start - window)))
        let caret =
            String(repeating: " ", count: start - window) + style.paint(String(repeating: "^", count: width), .red)
        lines = ["\(gutter) | \(shown)", "\(blank) | \(caret)\(remark.map { " " + $0 } ?? "")"]
    }
}
