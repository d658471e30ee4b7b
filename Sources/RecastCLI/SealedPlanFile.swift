import RecastManifest
import RecastModel
import RecastOperations
import RecastPlanner
import RecastViews
import SystemPackage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A plan that lies in a file.
struct SealedPlanFile {
    let path: FilePath
    /// All of it, which is what is approved.
    let bytes: [UInt8]
    let plan: SealedPlan

    /// `nil` when the argument is no such file's name, which ends with `.json`.
    static func read(_ argument: String, _ console: Console) throws -> Self? {
        guard argument.hasSuffix(".json") else { return nil }
        guard let bytes = ProjectFiles.contents(of: FilePath(argument)) else {
            console.complain(
                "there is no plan '\(argument)' that can be read; make one: recast plan ENV --out \(argument)")
            throw Exit.refused
        }
        do {
            let plan = try JSONDecoder().decode(SealedPlan.self, from: Data(bytes))
            return Self(path: FilePath(argument), bytes: bytes, plan: plan)
        } catch {
            console.complain("'\(argument)' is no plan that 'recast plan --out' wrote")
            throw Exit.refused
        }
    }

    /// Refuses what names an image that only a host has: it has no digest that others could go by.
    static func checkPins(of desired: PinnedDesired, _ scope: Planner.Scope, _ console: Console) throws {
        let meant = desired.instances.filter { scope.contains($0.host) && scope.contains($0.address.service) }
        let images = meant.flatMap(\.spec.images).filter { $0.digest == nil }
        guard let image = images.first else { return }
        console.complain("the plan cannot be written: \(image.short) exists on a host only; push it to a registry")
        throw Exit.refused
    }

    static func write(_ plan: SealedPlan, to path: String, _ console: Console) throws {
        do {
            try ProjectWriter.replace(FilePath(path), text: try JSONText.document(plan) + "\n")
        } catch {
            console.complain("\(path) cannot be written: \(error)")
            throw Exit.failed
        }
        console.write(["Written to \(path); carry it out: recast apply \(path)"], to: .error)
    }

    /// Goes on only with the plan that is in the file.
    func check(against now: Plan, _ console: Console) throws {
        switch plan.verdict(on: now) {
        case .holds: return
        case .moved(let facts): throw Operations.Refusal.basisMoved(facts)
        case .another(let lines):
            console.complain("the manifests at hand are not those of the plan; nothing was changed. Plan again.")
            console.write(lines.map { "  \($0.printable)" }, to: .error)
            throw Exit.refused
        }
    }
}
