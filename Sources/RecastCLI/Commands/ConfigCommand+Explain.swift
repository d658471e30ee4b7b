import ArgumentParser
import RecastManifest
import RecastModel
import RecastViews

extension ConfigCommand {
    func explainedPath() throws -> ValuePath? {
        guard let explain else { return nil }
        do {
            return try ValuePath(explain)
        } catch {
            throw ValidationError("--explain '\(explain)': \(error)")
        }
    }

    /// Prints where the value at a path comes from, as far as the files can be read.
    func explain(_ path: ValuePath, of source: EnvironmentSource, _ console: Console) throws {
        let loaded = source.load(console: console)
        guard let provenance = loaded.provenance else { throw refusal(loaded.diagnostics, loaded.sources, console) }
        if loaded.desired == nil {
            let count = EnvironmentSource.count(loaded.diagnostics)
            console.write(["\(count) `recast validate \(source.name)` tells more."], to: .error)
        }
        try explain(path, by: provenance, in: loaded.sources, console)
    }

    func explain(_ path: ValuePath, of result: ComposeFiles.Result, _ console: Console) throws {
        guard let provenance = result.provenance else { throw refusal(result.diagnostics, result.sources, console) }
        try explain(path, by: provenance, in: result.sources, console)
    }

    private func explain(
        _ path: ValuePath, by provenance: Provenance, in sources: [String: [UInt8]], _ console: Console
    ) throws {
        do throws(UnknownPath) {
            let explanation = try provenance.explain(path, in: sources)
            if reading.json || format == .json {
                console.write([(try? JSONText.document(ExplanationDocument(explanation))) ?? ""])
            } else {
                console.write(ExplanationText(style: console.style(for: .output)).lines(explanation))
            }
        } catch {
            console.complain(error.message)
            if let help = error.help { console.write(["       \(help.printable)"], to: .error) }
            throw Exit.refused
        }
    }

    private func refusal(
        _ diagnostics: [Diagnostic], _ sources: [String: [UInt8]], _ console: Console
    ) -> ExitCode {
        let view = DiagnosticText(sources: sources, style: console.style(for: .error))
        console.write(view.lines(diagnostics.filter { $0.severity == .error }), to: .error)
        console.write([EnvironmentSource.count(diagnostics)], to: .error)
        return Exit.refused
    }
}
