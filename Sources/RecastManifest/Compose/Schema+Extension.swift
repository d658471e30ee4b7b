/// `x-recast`: what compose-spec has no word for.
///
/// The one extension that is looked into; every other `x-…` is a person's own.
extension Schema {
    /// At the top of a manifest.
    static let manifestExtension = Object([:], extensible: false)

    static let serviceExtension = Object(
        honoured: ["bind": .scalar(.choice(["host"])), "hosts": .texts(.key)], extensible: false)

    /// In a secret or a config.
    static let fileExtension = Object(honoured: ["command": .texts()], extensible: false)
}
