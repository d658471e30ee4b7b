/// A line of the stream that `POST /images/create` answers with.
package struct PullMessage: Codable, Hashable, Sendable {
    package struct Progress: Codable, Hashable, Sendable {
        package let current: Int64?
        package let total: Int64?
    }
    /// The layer.
    package let id: String?
    package let status: String?
    package let progressDetail: Progress?
    /// The pull failed, although the answer began with 200.
    package let error: String?
}
