/// Takes `%2F` and the like apart; what is no valid escape stays as it is.
func percentDecoded(_ text: some StringProtocol, plusIsSpace: Bool = false) -> String {
    var output: [UInt8] = []
    var input = Array(text.utf8)[...]
    while let byte = input.popFirst() {
        let digits = String(decoding: input.prefix(2), as: UTF8.self)
        if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
            output.append(value)
            input = input.dropFirst(2)
        } else {
            output.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        }
    }
    return String(decoding: output, as: UTF8.self)
}
