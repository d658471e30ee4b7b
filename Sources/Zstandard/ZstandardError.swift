import CZstd

/// What libzstd says of a stream that it cannot write or read.
package struct ZstandardError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    init(code: Int) {
        // A constant text of the library.
        self.init(unsafe String(cString: ZSTD_getErrorName(code)))
    }
}

/// The answer of libzstd, or its error.
func checked(_ answer: Int) throws(ZstandardError) -> Int {
    guard ZSTD_isError(answer) == 0 else { throw ZstandardError(code: answer) }
    return answer
}
