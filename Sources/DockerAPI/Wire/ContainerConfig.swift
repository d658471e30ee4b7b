// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// The portable half of a container's definition, the same in create, inspect and in an image.
///
/// Fields keep the API's spelling; `nil` is left out of a request.
package struct ContainerConfig: Codable, Hashable, Sendable {
    package struct Health: Codable, Hashable, Sendable {
        package var Test: [String]?
        /// Nanoseconds, as the three below.
        package var Interval: Int64?
        package var Timeout: Int64?
        package var StartPeriod: Int64?
        package var StartInterval: Int64?
        package var Retries: Int?
        package init() {}
    }

    package var Hostname: String?
    package var Domainname: String?
    package var User: String?
    package var ExposedPorts: [String: EmptyObject]?
    package var Tty: Bool?
    package var OpenStdin: Bool?
    package var StdinOnce: Bool?
    package var Env: [String]?
    package var Cmd: [String]?
    package var Entrypoint: [String]?
    package var Image: String?
    package var Labels: [String: String]?
    package var Healthcheck: Health?
    package var StopSignal: String?
    package var StopTimeout: Int?
    /// What runs a health check that is a script; only in answers.
    package var Shell: [String]?
    package var Volumes: [String: EmptyObject]?
    package var WorkingDir: String?
    /// Below API 1.44; later it belongs to the endpoints.
    package var MacAddress: String?

    package init() {}
}
