/// Where one value of a resolved file comes from.
///
/// Nothing in it is secret: values, and the lines that hold them, are masked.
package struct Explanation: Hashable, Sendable {
    /// The place of a value and the line that stands there.
    package struct Site: Hashable, Sendable {
        package let position: SourcePosition
        /// `nil` when the file was not read, or holds no such line.
        package let line: String?

        package init(_ position: SourcePosition, line: String?) {
            self.position = position
            self.line = line
        }
    }

    /// How a text came to the place that was asked for.
    package enum Route: Hashable, Sendable {
        /// With the service of this name, which another one extends here.
        case extended(String, SourcePosition)
        /// With a file that is included here.
        case included(SourcePosition)
        /// Through an alias that stands here; the text stands at its anchor.
        case alias(SourcePosition)
        /// Through a merge key, `<<`.
        case mergeKey
    }

    /// A variable that went into the text.
    package struct Variable: Hashable, Sendable {
        package let name: String
        /// `nil` when it has none, so that a default in the text held.
        package let value: String?
        package let source: VariableSource?

        package init(_ name: String, value: String?, source: VariableSource?) {
            self.name = name
            self.value = value
            self.source = source
        }
    }

    /// One text that gave the value, or would have given it.
    package struct Layer: Hashable, Sendable {
        package let site: Site
        /// What happened last comes first.
        package let routes: [Route]
        package let variables: [Variable]

        package init(_ site: Site, routes: [Route], variables: [Variable]) {
            self.site = site
            self.routes = routes
            self.variables = variables
        }
    }

    /// One value within the one that was asked for.
    package struct Part: Hashable, Sendable {
        /// The last word of its path, as it must be written there.
        package let key: String
        package let position: SourcePosition

        package init(_ key: String, position: SourcePosition) {
            self.key = key
            self.position = position
        }
    }

    package let path: String
    /// YAML in block style, without a line break at the end.
    package let value: String
    package let isSecret: Bool
    /// No file says it: it follows from what stands at the first layer's place.
    package let isImplied: Bool
    /// The text that holds, then those whose place it took, the latest first; never empty.
    package let layers: [Layer]
    /// Of a mapping or list: its values, in order.
    package let parts: [Part]

    package init(
        path: String, value: String, isSecret: Bool, isImplied: Bool, layers: [Layer], parts: [Part]
    ) {
        self.path = path
        self.value = value
        self.isSecret = isSecret
        self.isImplied = isImplied
        self.layers = layers
        self.parts = parts
    }
}

/// Who gave a variable its value.
package enum VariableSource: Hashable, Sendable {
    /// `variables:` of the environment.
    case environment(SourcePosition)
    /// A line of an env file.
    case envFile(SourcePosition)
    /// The shell, as `pass:` of the environment allows it.
    case passed(SourcePosition)
    /// `--set`.
    case commandLine
    /// The shell, with all its variables.
    case shell
    /// What the project is called.
    case project
}
