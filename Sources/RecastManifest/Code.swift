/// Every kind of mistake that this target reports.
///
/// The stable identifier is the domain, a dot and the raw value, such as `manifest.unknown-key`; all are listed in
/// `docs/reference`.
enum Code: String, CaseIterable {
    // The form of a file
    case unknownKey = "unknown-key"
    case unsupportedKey = "unsupported-key"
    case unsupportedValue = "unsupported-value"
    case missingKey = "missing-key"
    case wrongType = "wrong-type"
    case badValue = "bad-value"
    case badName = "bad-name"
    case changedText = "changed-text"
    case conflict
    case emptySection = "empty-section"
    case repeatedItem = "repeated-item"
    case noEffect = "no-effect"
    case missingFile = "missing-file"
    case unreadableFile = "unreadable-file"
    case emptyFile = "empty-file"
    case unreadOverride = "unread-override"
    case badEnvFile = "bad-env-file"
    case unknownTag = "unknown-tag"
    case tagInList = "tag-in-list"

    // Variables
    case badInterpolation = "bad-interpolation"
    case unsetVariable = "unset-variable"
    case unpassedVariable = "unpassed-variable"
    case requiredVariable = "required-variable"
    case shadowedVariable = "shadowed-variable"
    case literalVariable = "literal-variable"
    case exposedSecret = "exposed-secret"

    // Services
    case missingImage = "missing-image"
    case badImage = "bad-image"
    case badCommand = "bad-command"
    case relativePath = "relative-path"
    case reservedLabel = "reserved-label"
    case undefinedNetwork = "undefined-network"
    case undefinedVolume = "undefined-volume"
    case undefinedService = "undefined-service"
    case undefinedConfig = "undefined-config"
    case undefinedSecret = "undefined-secret"
    case undefinedModel = "undefined-model"
    case duplicateContainerName = "duplicate-container-name"
    case disabledService = "disabled-service"
    case dependencyCycle = "dependency-cycle"
    case missingHealthcheck = "missing-healthcheck"
    case mountConflict = "mount-conflict"
    case portConflict = "port-conflict"
    case portWithoutNetwork = "port-without-network"
    case badConstraint = "bad-constraint"
    case noMatchingHost = "no-matching-host"
    case tooManyReplicas = "too-many-replicas"
    case unpinnedVolume = "unpinned-volume"
    case severalWriters = "several-writers"
    case distantService = "distant-service"

    // Hosts
    case noHosts = "no-hosts"
    case badEngine = "bad-engine"
    case insecureEngine = "insecure-engine"
    case duplicateEngine = "duplicate-engine"
    case exposedFile = "exposed-file"
}

/// Whose file it is.
enum Domain: String, CaseIterable {
    case manifest, environment

    func identifier(_ code: Code) -> String { "\(rawValue).\(code.rawValue)" }
}
