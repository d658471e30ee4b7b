/// Devices that a driver of the engine chooses and makes available, such as GPUs.
package struct DeviceRequest: Hashable, Sendable {
    /// The driver of devices that the Container Device Interface names, such as `nvidia.com/gpu=all`.
    package static let cdiDriver = "cdi"

    /// Empty: the first driver that has all capabilities.
    package var driver: String
    /// -1: all of them; 0 when they are named by ID.
    package var count: Int
    package var deviceIDs: [String]
    /// One of these sets must be met in full.
    package var capabilities: [[String]]
    package var options: [String: String]

    package init(
        driver: String = "", count: Int = 0, deviceIDs: [String] = [], capabilities: [[String]] = [],
        options: [String: String] = [:]
    ) {
        self.driver = driver
        self.count = count
        self.deviceIDs = deviceIDs
        self.capabilities = capabilities
        self.options = options
    }
}
