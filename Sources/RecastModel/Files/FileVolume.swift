/// A volume with files for containers, filled once and then only read.
///
/// Its name follows from what is in it, so that two volumes of one name have the same content.
package struct FileVolume: Hashable, Sendable {
    /// Such as `io.recast.files.prod-shop.0123456789abcdef`.
    package let name: String
    /// The image of the container through which it is filled.
    package let image: ImageReference
    /// Of the image; `nil`: the host's.
    package let platform: String?
    /// Sorted by target; each stands in the volume under its number, from 0.
    package let files: [DeliveredFile]

    package init(name: String, image: ImageReference, platform: String?, files: [DeliveredFile]) {
        self.name = name
        self.image = image
        self.platform = platform
        self.files = files
    }

    package static let prefix = InstanceLabels.prefix + "files."

    /// `digest`: of the content, keyed.
    package static func name(
        environment: EnvironmentName, application: ApplicationName, digest: String
    ) -> String { "\(prefix)\(environment)-\(application).\(digest.prefix(16))" }

    /// Where a container has the whole volume that is otherwise mounted file by file, by their paths on the host.
    ///
    /// Engines below API 1.45 cannot mount a part of a volume, and would not know that the volume is in use.
    package static let anchor = "/run/recast-files"

    /// Written last: with it, the volume is complete.
    package static let marker = "complete"
}
