import CZstd
package import NIOCore

/// Compresses a stream; the frame it makes ends with a checksum of the content (RFC 8878).
@safe package struct ZstandardWriter: ~Copyable {
    private let context: OpaquePointer
    private var space = [UInt8](repeating: 0, count: 1 << 17)

    /// `level`: 1, fast, to 19, small.
    package init(level: Int32 = 3) {
        guard let made = unsafe ZSTD_createCCtx() else { preconditionFailure("libzstd has no memory") }
        // Both are known to every version, and values out of range become the nearest one.
        unsafe _ = ZSTD_CCtx_setParameter(made, ZSTD_c_compressionLevel, level)
        unsafe _ = ZSTD_CCtx_setParameter(made, ZSTD_c_checksumFlag, 1)
        unsafe context = made
    }

    deinit { unsafe _ = ZSTD_freeCCtx(context) }

    /// What is there to be written now.
    ///
    /// `isLast`: nothing follows; the frame ends.
    package mutating func compress(_ bytes: ByteBuffer, isLast: Bool = false) throws -> ByteBuffer {
        var written = ByteBuffer()
        let ending = isLast ? ZSTD_e_end : ZSTD_e_continue
        try unsafe bytes.withUnsafeReadableBytes { source in
            var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            while true {
                // The library writes within the space, and reads within the bytes.
                let (left, count) = try unsafe space.withUnsafeMutableBytes { target in
                    var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let left = try unsafe checked(ZSTD_compressStream2(context, &output, &input, ending))
                    return unsafe (left, output.pos)
                }
                written.writeBytes(space[..<count])
                let isTaken = unsafe input.pos == input.size
                if isTaken && (isLast ? left == 0 : true) { return }
            }
        }
        return written
    }
}
