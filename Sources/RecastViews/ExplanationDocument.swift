package import RecastModel

/// Where a value comes from, for machines.
package struct ExplanationDocument: Encodable {
    struct Place: Encodable {
        let file: String
        let line: Int
        let column: Int

        init(_ position: SourcePosition) {
            file = position.file
            line = position.line
            column = position.column
        }
    }
    struct Layer: Encodable {
        let place: Place
        let source: String?
        let through: [Route]
        let variables: [Variable]
    }
    struct Route: Encodable {
        let kind: String
        let service: String?
        let place: Place?
    }
    struct Variable: Encodable {
        let name: String
        let value: String?
        let from: String
        let place: Place?
    }
    struct Part: Encodable {
        let key: String
        let place: Place
    }

    let format = 1
    let path: String
    let value: String
    let secret: Bool
    let implied: Bool
    let layers: [Layer]
    let parts: [Part]

    package init(_ explanation: Explanation) {
        path = explanation.path
        value = explanation.value.maskingPasswords
        secret = explanation.isSecret
        implied = explanation.isImplied
        layers = explanation.layers.map { layer in
            Layer(
                place: Place(layer.site.position), source: layer.site.line?.maskingPasswords,
                through: layer.routes.map(Route.init), variables: layer.variables.map(Variable.init))
        }
        parts = explanation.parts.map { Part(key: $0.key, place: Place($0.position)) }
    }
}

extension ExplanationDocument.Route {
    init(_ route: Explanation.Route) {
        switch route {
        case .extended(let service, let position): self.init(kind: "extends", service: service, place: .init(position))
        case .included(let position): self.init(kind: "include", service: nil, place: .init(position))
        case .alias(let position): self.init(kind: "alias", service: nil, place: .init(position))
        case .mergeKey: self.init(kind: "merge-key", service: nil, place: nil)
        }
    }
}

extension ExplanationDocument.Variable {
    init(_ variable: Explanation.Variable) {
        name = variable.name
        value = variable.value?.maskingPasswords
        switch variable.source {
        case .environment(let position): (from, place) = ("variables", .init(position))
        case .envFile(let position): (from, place) = ("env-file", .init(position))
        case .passed(let position): (from, place) = ("pass", .init(position))
        case .commandLine: (from, place) = ("set", nil)
        case .shell: (from, place) = ("shell", nil)
        case .project: (from, place) = ("project", nil)
        case nil: (from, place) = ("default", nil)
        }
    }
}
