import RecastModel

/// Source text in which 1️⃣ … 9️⃣ stand for places; `text` is what is left without them.
struct MarkedText: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String
    /// Line and column of each marker.
    private let places: [Int: (line: Int, column: Int)]

    init(stringLiteral marked: String) {
        var text = ""
        var places: [Int: (line: Int, column: Int)] = [:]
        var line = 1
        var column = 1
        for character in marked {
            if let number = Self.number(of: character) {
                places[number] = (line, column)
                continue
            }
            text.append(character)
            (line, column) = character.isNewline ? (line + 1, 1) : (line, column + character.unicodeScalars.count)
        }
        self.text = text
        self.places = places
    }

    /// The number of the marker at a place.
    func marker(at position: SourcePosition) -> Int? {
        places.first { $0.value == (position.line, position.column) }?.key
    }

    private static func number(of character: Character) -> Int? {
        let scalars = Array(character.unicodeScalars)
        guard scalars.count == 3, scalars.last == "\u{20E3}" else { return nil }
        return Int(String(scalars[0]))
    }
}
