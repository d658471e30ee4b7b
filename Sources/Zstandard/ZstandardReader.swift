import CZstd
package import NIOCore

/// Decompresses a stream.
@safe package struct ZstandardReader: ~Copyable {
    private let context: OpaquePointer
    private var space = [UInt8](repeating: 0, count: 1 << 17)
    /// The last frame is over, and its checksum was right.
    package private(set) var isAtEnd = false

    package init() {
        guard let made = unsafe ZSTD_createDCtx() else { preconditionFailure("libzstd has no memory") }
        unsafe context = made
    }

    deinit { unsafe _ = ZSTD_freeDCtx(context) }

    /// It throws `ZstandardError` where the stream is damaged.
    package mutating func decompress(_ bytes: ByteBuffer) throws -> ByteBuffer {
        var read = ByteBuffer()
        try unsafe bytes.withUnsafeReadableBytes { source in
            var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
            var isFull = false
            while unsafe input.pos < input.size || isFull {
                // The library writes within the space, and reads within the bytes.
                let (hint, count) = try unsafe space.withUnsafeMutableBytes { target in
                    var output = unsafe ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
                    let hint = try unsafe checked(ZSTD_decompressStream(context, &output, &input))
                    return unsafe (hint, output.pos)
                }
                read.writeBytes(space[..<count])
                isAtEnd = hint == 0
                isFull = count == space.count && hint != 0
            }
        }
        return read
    }
}
