/// How text may look: with colour on a terminal, plain elsewhere.
package struct Style: Hashable, Sendable {
    package var usesColour: Bool

    package init(usesColour: Bool = false) { self.usesColour = usesColour }

    enum Colour: String {
        case red = "31"
        case green = "32"
        case yellow = "33"
        case cyan = "36"
        case bold = "1"
        case dim = "2"
    }

    /// The word that opens a complaint.
    package func problem(_ text: String) -> String { paint(text, .red) }

    /// The word that opens a remark.
    package func remark(_ text: String) -> String { paint(text, .cyan) }

    func paint(_ text: String, _ colour: Colour) -> String {
        usesColour ? "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}

/// `1 host`, `2 hosts`.
package func counted(_ count: Int, _ word: String) -> String { count == 1 ? "1 \(word)" : "\(count) \(word)s" }
