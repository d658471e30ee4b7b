import RecastModel

/// Source text in which 1️⃣ … 9️⃣ stand for places; `text` is what is left without them.
struct MarkedText: ExpressibleByStringLiteral {
    let text: String
    private let places: [Int: SourcePosition]

    init(stringLiteral marked: String) {
        var text = ""
        var places: [Int: SourcePosition] = [:]
        var line = 1
        var column = 1
        for character in marked {
            if let number = Self.number(of: character) {
                places[number] = SourcePosition(file: "test.yaml", line: line, column: column)
                continue
            }
            text.append(character)
            (line, column) = character.isNewline ? (line + 1, 1) : (line, column + character.unicodeScalars.count)
        }
        self.text = text
        self.places = places
    }

    subscript(_ marker: Int) -> SourcePosition {
        guard let place = places[marker] else { preconditionFailure("no marker \(marker) in the text") }
        return place
    }

    private static func number(of character: Character) -> Int? {
        let scalars = Array(character.unicodeScalars)
        guard scalars.count == 3, scalars.last == "\u{20E3}" else { return nil }
        return Int(String(scalars[0]))
    }
}
