/// Writes the data types of RFC 4251, section 5.
package enum WireWriter {
    package static func uint32(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    package static func string(_ bytes: some Collection<UInt8>) -> [UInt8] {
        uint32(bytes.count) + bytes
    }
}
