/// Permissions in octal digits, as a quoted `mode:` holds them: `"0440"`.
package enum FileMode {
    package static func parse(_ text: String) throws(GrammarError) -> Int {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        let isOctal = !digits.isEmpty && digits.unicodeScalars.allSatisfy { ("0"..."7").contains($0) }
        guard isOctal, let mode = Int(digits, radix: 8), mode <= 0o7777 else {
            throw GrammarError(
                "'\(text)' is no file mode", at: 0, length: text.unicodeScalars.count,
                help: "write octal digits, such as \"0440\"")
        }
        return mode
    }
}
