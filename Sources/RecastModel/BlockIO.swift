/// Limits and weights of single block devices, by the device's path on the host.
package struct BlockIO: Hashable, Sendable {
    /// 10...1000.
    package var weights: [String: Int] = [:]
    /// Bytes per second, as the one below.
    package var readRates: [String: Int64] = [:]
    package var writeRates: [String: Int64] = [:]
    /// Operations per second, as the one below.
    package var readOperations: [String: Int64] = [:]
    package var writeOperations: [String: Int64] = [:]

    package init() {}
}
