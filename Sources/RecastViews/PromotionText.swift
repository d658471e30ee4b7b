package import RecastModel

/// A promotion, for people: every gate with what was seen.
package struct PromotionText {
    private let promotion: Promotion
    private let style: Style

    package init(_ promotion: Promotion, style: Style = Style()) {
        self.promotion = promotion
        self.style = style
    }

    package var lines: [String] {
        let title = "\(promotion.source) → \(promotion.target) · \(promotion.application)"
        return [style.paint(title, .bold), ""] + promotion.gates.flatMap(gate) + [""]
    }

    private func gate(_ result: GateResult) -> [String] {
        let mark = result.passed ? style.paint("ok  ", .green) : style.paint("FAIL", .red)
        let name = result.gate.rawValue.padded(to: 10)
        let words = result.evidence.map(\.printable)
        let first = ["  \(mark)  \(name)\(words.first ?? "")"]
        let indent = String(repeating: " ", count: 18)
        let rest = words.dropFirst().map { indent + $0 } + (result.help.map { [indent + "→ \($0.printable)"] } ?? [])
        return first + rest
    }

    /// Why it stops.
    package static func refusal(_ promotion: Promotion) -> String {
        let failed = promotion.gates.filter { !$0.passed }.map(\.gate.rawValue)
        return "not promoted: \(failed.joined(separator: ", "))"
    }
}
