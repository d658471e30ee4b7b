import RecastOperations

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Console {
    /// Everything that this process was started with.
    var surroundings: Surroundings { Surroundings(variables: ProcessInfo.processInfo.environment) }
}
