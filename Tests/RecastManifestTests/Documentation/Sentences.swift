import RecastYAML

@testable import RecastManifest

extension Code {
    /// What the code means, for the page of diagnostics.
    var sentence: String {
        formSentence ?? variableSentence ?? serviceSentence ?? placementSentence ?? ""
    }

    private var formSentence: String? {
        switch self {
        case .unknownKey: "A key that compose-spec, or an environment, does not have at this place."
        case .unsupportedKey: "A key of compose-spec that cannot be honoured in a deployment."
        case .unsupportedValue: "The same for a value."
        case .missingKey: "Something that is needed does not stand there."
        case .wrongType: "A list where a mapping should be, a number where text should be."
        case .badValue: "A size, duration, port, address, path or word that is none."
        case .badName: "A name with characters that it cannot have."
        case .changedText: "What is read is not what is written; quotes help."
        case .conflict: "Two keys that exclude or contradict each other."
        case .emptySection: "A key with nothing behind it."
        case .repeatedItem: "The same thing twice in a list."
        case .noEffect: "Accepted, and nothing follows from it."
        case .missingFile: "A file that another one names is not there."
        case .unreadableFile: "A file is a directory, too large, or cannot be read."
        case .emptyFile: "A file says nothing."
        case .unreadOverride: "A file that Docker Compose would read by itself, and Recast does not."
        case .badEnvFile: "A line of an env file cannot be read."
        case .unknownTag: "A tag other than `!reset` and `!override`."
        case .tagInList: "`!reset` or `!override` on an item of a list."
        default: nil
        }
    }

    private var variableSentence: String? {
        switch self {
        case .badInterpolation: "`${…}` that cannot be read."
        case .unsetVariable: "A variable without a value and without a default."
        case .unpassedVariable: "A variable that only the shell has: a plan must not depend on who makes it."
        case .requiredVariable: "`${NAME:?message}` without a value."
        case .shadowedVariable: "A default is used although the shell has a value."
        case .literalVariable: "`${…}` in the value of a variable stays as it stands."
        case .exposedSecret: "A variable that is called a secret stands where plans show it."
        default: nil
        }
    }

    private var serviceSentence: String? {
        switch self {
        case .missingImage: "A service without an image."
        case .badImage: "No image reference."
        case .badCommand: "Quotes that do not close, or a `|` that no shell will see."
        case .relativePath: "A path of this machine where one of the host is needed."
        case .reservedLabel: "A label of Recast's own (an error) or of Docker Compose (a warning)."
        case .undefinedNetwork: "A network that is not declared."
        case .undefinedVolume: "A volume that is not declared."
        case .undefinedService: "A service that is not declared."
        case .undefinedConfig: "A config that is not declared."
        case .undefinedSecret: "A secret that is not declared."
        case .undefinedModel: "A model that is not declared."
        case .duplicateContainerName: "Two services want one container name."
        case .disabledService: "A dependency that no profile of the environment starts."
        case .dependencyCycle: "Services that wait for, or extend, each other; files that include each other."
        case .missingHealthcheck: "Waiting for the health of a service that has no check here."
        case .mountConflict: "Two mounts at one path."
        case .portConflict: "Two services want one port of one host."
        case .portWithoutNetwork: "`ports` with `network_mode: host` or `none`."
        default: nil
        }
    }

    private var placementSentence: String? {
        switch self {
        case .badConstraint: "A constraint that cannot be read or judged."
        case .noMatchingHost: "No host meets a service's constraints."
        case .tooManyReplicas: "More replicas than the hosts can take."
        case .unpinnedVolume: "A service with a named volume that may be placed on another host one day."
        case .severalWriters: "Two containers on one host that write to one volume, which is not said to be shared."
        case .distantService:
            "A service needs another one that is on another host, behind a network that ends at its host."
        case .noHosts: "An environment without hosts."
        case .badEngine: "No engine address."
        case .insecureEngine: "Plain TCP to another machine; a warning where `insecure: true` allows it."
        case .duplicateEngine: "Two hosts with one engine."
        case .exposedFile: "A file with a key or a secret that others than its owner can read."
        default: nil
        }
    }
}

extension YAMLProblem {
    var sentence: String {
        switch self {
        case .syntax: "This is no YAML."
        case .tab: "A tab indents a line."
        case .encoding: "Not UTF-8, or a character that YAML forbids."
        case .multipleDocuments: "An environment file holds one document."
        case .duplicateKey: "A key stands twice in one mapping."
        case .keyNotText: "A key that is no text."
        case .badMerge: "`<<` with something else than mappings."
        case .badTag: "A value that is not what its tag says."
        case .unknownAlias: "An alias before its anchor, or without one."
        case .cyclicAlias: "An alias inside of what it stands for."
        case .tooManyAliases: "Aliases to aliases that would fill the memory."
        case .tooManyValues: "More values in one file than any manifest needs."
        case .tooDeep: "Values in values beyond a hundred levels."
        }
    }
}
