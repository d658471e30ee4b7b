import RecastOperations
import RecastViews

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Console {
    /// Everything that this process was started with.
    var surroundings: Surroundings {
        Surroundings(variables: ProcessInfo.processInfo.environment, canAsk: canAsk) { words in
            write(["\(style(for: .error).remark("note:")) \(words.printable)"], to: .error)
        }
    }
}
