package import RecastModel

/// Where a value comes from, for people.
package struct ExplanationText {
    private let style: Style

    package init(style: Style = Style()) { self.style = style }

    package func lines(_ explanation: Explanation) -> [String] {
        let value = explanation.value.split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).maskingPasswords.printable }
        let path = style.paint(explanation.path.printable, .bold)
        let isShort = explanation.parts.isEmpty && value.count == 1
        let head = isShort ? ["\(path): \(value[0])"] : ["\(path):"] + value.map { "  \($0)" }
        let layers = explanation.layers.enumerated().flatMap { index, layer in
            let verb = index > 0 ? "in place of" : explanation.isImplied ? "follows from" : "stands at"
            return [""] + lines(layer, verb)
        }
        return head + layers + parts(explanation)
    }

    private func lines(_ layer: Explanation.Layer, _ verb: String) -> [String] {
        var lines = ["\(verb) \(style.paint(place(layer.site.position), .bold))"]
        lines += Excerpt(layer.site.line, at: layer.site.position, style: style).lines
        lines += layer.routes.map { "  \(words($0))" }
        lines += layer.variables.map { "  \(words($0))" }
        return lines
    }

    private func parts(_ explanation: Explanation) -> [String] {
        guard !explanation.parts.isEmpty else { return [] }
        let width = explanation.parts.map { $0.key.printable.count }.max() ?? 0
        return ["", "with"]
            + explanation.parts.map { "  \($0.key.printable.padded(to: width))  \(place($0.position))" }
    }

    private func words(_ route: Explanation.Route) -> String {
        switch route {
        case .extended(let service, let position): "through `extends` of \(service.printable) at \(place(position))"
        case .included(let position): "through `include` at \(place(position))"
        case .alias(let position): "through the alias at \(place(position))"
        case .mergeKey: "through a merge key, `<<`"
        }
    }

    private func words(_ variable: Explanation.Variable) -> String {
        let name = variable.name.printable
        guard let value = variable.value else { return "\(name) is not set: its default in the text holds" }
        let shown = value.isEmpty ? "empty" : "'\(value.maskingPasswords.printable)'"
        return "\(name) is \(shown), \(words(variable.source))"
    }

    private func words(_ source: VariableSource?) -> String {
        switch source {
        case .environment(let position): "from `variables:` at \(place(position))"
        case .envFile(let position): "from the env file, \(place(position))"
        case .passed(let position): "from your shell, as `pass:` at \(place(position)) allows"
        case .commandLine: "from --set"
        case .shell: "from your shell"
        case .project, nil: "the project's name"
        }
    }

    private func place(_ position: SourcePosition) -> String { position.description.printable }
}
