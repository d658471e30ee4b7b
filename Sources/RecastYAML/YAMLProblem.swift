/// Every kind of fault that reading a YAML file can report; the raw values are the diagnostics' stable codes.
package enum YAMLProblem: String, CaseIterable, Sendable {
    case syntax = "yaml.syntax"
    case tab = "yaml.tab"
    case encoding = "yaml.encoding"
    case multipleDocuments = "yaml.multiple-documents"
    case duplicateKey = "yaml.duplicate-key"
    case keyNotText = "yaml.key-not-text"
    case badMerge = "yaml.bad-merge"
    case badTag = "yaml.bad-tag"
    case unknownAlias = "yaml.unknown-alias"
    case cyclicAlias = "yaml.cyclic-alias"
    case tooManyAliases = "yaml.too-many-aliases"
    case tooManyValues = "yaml.too-many-values"
    case tooDeep = "yaml.too-deep"
}
