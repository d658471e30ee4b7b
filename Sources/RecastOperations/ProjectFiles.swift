package import RecastManifest
import RecastModel
import SmallFiles
package import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads the files of a project; the loader itself touches no file system.
package enum ProjectFiles {
    /// No manifest that a person wrote is larger.
    package static let largestFile = 8 << 20

    /// `prod` is `environments/prod.yaml` (or `.yml`) below the folder; what looks like a path is one.
    package static func environmentFile(_ name: String, in folder: FilePath) -> FilePath {
        if name.contains("/") || name.allSatisfy({ $0 == "." }) || name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
            return FilePath(name)
        }
        let candidates = ["yaml", "yml"].map { FilePath("environments").appending("\(name).\($0)") }
        return candidates.first { exists(folder.pushing($0)) } ?? candidates[0]
    }

    /// The names of the environments below the folder, sorted.
    package static func environments(in folder: FilePath) -> [String] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.pushing("environments").string)
        return (files ?? []).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }
            .filter { !$0.hasSuffix(LockFile.suffix) }
            .compactMap { FilePath($0).stem }.sorted()
    }

    /// Loads an environment and everything it names.
    ///
    /// `processVariable`: looks up a variable of the process, for what the environment lists under `pass:`.
    ///
    /// `setVariables`: what was given on the command line; it wins over the environment's own variables.
    ///
    /// `past`: a folder with the files as they were; what it lacks, as what is in no repository, is read in `folder`.
    ///
    /// `outputs`: what the programs printed that give secrets, by their words.
    package static func load(
        environment file: FilePath, in folder: FilePath, past: FilePath? = nil,
        processVariable: @escaping (String) -> String?,
        setVariables: [String: String] = [:], outputs: [[String]: [UInt8]] = [:]
    ) -> LoadedEnvironment {
        loader(
            in: folder, past: past, read: { read(place(of: $0, in: folder, past)) },
            processVariable: processVariable, setVariables: setVariables, outputs: outputs
        ).load(environmentFile: file.string)
    }

    private static func place(of path: String, in folder: FilePath, _ past: FilePath?) -> FilePath {
        if let old = past?.pushing(FilePath(path)), FileManager.default.fileExists(atPath: old.string) { return old }
        return folder.pushing(FilePath(path))
    }

    private static func loader(
        in folder: FilePath, past: FilePath? = nil, read: @escaping (String) -> Result<[UInt8], FileProblem>,
        processVariable: @escaping (String) -> String?, setVariables: [String: String], outputs: [[String]: [UInt8]]
    ) -> EnvironmentLoader {
        EnvironmentLoader(
            read: read, processVariable: processVariable, setVariables: setVariables,
            mode: { mode(of: place(of: $0, in: folder, past)) }, look: { look(at: place(of: $0, in: folder, past)) },
            workingDirectory: FilePath(FileManager.default.currentDirectoryPath).pushing(folder)
                .lexicallyNormalized().string,
            outputs: outputs)
    }

    /// Reads compose files as they stand.
    ///
    /// `shell`: the process' environment.
    package static func load(_ files: ComposeFiles, shell: [String: String]) -> ComposeFiles.Result {
        files.load(shell: shell) { read(FilePath($0)) }
    }

    /// Makes a compose file the manifest of a first environment; nothing is written.
    ///
    /// Both paths are absolute.
    package static func adopt(
        _ file: FilePath, in folder: FilePath, processVariable: @escaping (String) -> String?
    ) -> Adoption {
        let bytes: (String) -> Result<[UInt8], FileProblem> = { read(folder.pushing(FilePath($0))) }
        return Adoption(manifest: file.string, folder: folder.string, read: bytes) { environment in
            loader(
                in: folder, read: { $0 == environment.path ? .success(Array(environment.text.utf8)) : bytes($0) },
                processVariable: processVariable, setVariables: [:], outputs: [:]
            ).load(environmentFile: environment.path)
        }
    }

    package static func exists(_ path: FilePath) -> Bool {
        guard let file = try? FileDescriptor.open(path, .readOnly) else { return false }
        try? file.close()
        return true
    }

    /// `nil` when it cannot be read, or is larger than a person's files are.
    package static func contents(of path: FilePath) -> [UInt8]? { try? read(path).get() }

    private static func mode(of path: FilePath) -> UInt16? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path.string)
        return (attributes?[.posixPermissions] as? UInt).map { UInt16(truncatingIfNeeded: $0) }
    }

    private static func look(at path: FilePath) -> Result<LocalNode, FileProblem> {
        let files = FileManager.default
        guard let attributes = try? files.attributesOfItem(atPath: path.string) else { return .failure(.notFound) }
        let mode = (attributes[.posixPermissions] as? UInt).map { UInt16(truncatingIfNeeded: $0) } ?? 0o644
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular: return .success(.file(mode: mode))
        case .typeDirectory:
            do {
                return .success(.folder(mode: mode, names: try files.contentsOfDirectory(atPath: path.string)))
            } catch {
                return .failure(.unreadable(reason: "\(error)"))
            }
        case .typeSymbolicLink:
            guard let target = try? files.destinationOfSymbolicLink(atPath: path.string) else {
                return .failure(.unreadable(reason: "the link cannot be read"))
            }
            return .success(.symbolicLink(to: target))
        default: return .failure(.unreadable(reason: "it is no file, folder or link"))
        }
    }

    private static func read(_ path: FilePath) -> Result<[UInt8], FileProblem> {
        do {
            return .success(try SmallFile.contents(of: path, limit: largestFile))
        } catch Errno.noSuchFileOrDirectory {
            return .failure(.notFound)
        } catch Errno.isDirectory {
            return .failure(.isDirectory)
        } catch is SmallFile.TooLarge {
            return .failure(.tooLarge(limit: largestFile))
        } catch {
            return .failure(.unreadable(reason: "\(error)"))
        }
    }
}
