import ArgumentParser
import SystemPackage

/// Deploys random environments to simulated hosts where things go wrong, again and again in one process.
@main
struct RecastSoak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recast-soak",
        abstract: "Applies random environments to unreliable simulated hosts, and checks after each what must hold.",
        discussion: """
            A round has up to three hosts. In each of its cycles a random environment is applied while calls fail, hang, lose
            their replies or find the daemon restarted; then once more in calm, after which every instance must run
            once, nothing else of the application, and a plan must be empty. Never may two containers have written to
            one volume, or an instance been taken away by a call that failed.

            At the end the process must hold no more descriptors than at the beginning, and hardly more memory. Ends
            with 1 when something did not hold, and prints the seed of the round.

            Example:
              recast-soak --minutes 5
              recast-soak --seed 1234 --rounds 1      that round again
            """)

    @Option(help: "How long; a round that began is finished.")
    var minutes = 1.0

    @Option(help: "How many rounds at most.")
    var rounds = Int.max

    @Option(help: "Of the first round; each later one has the next.")
    var seed: UInt64 = 1

    @Option(help: "Environments that follow one on another in a round.")
    var cycles = 10

    @Flag(help: "Prints a line for every cycle.")
    var verbose = false

    func run() async throws {
        let end = ContinuousClock.now + .seconds(minutes * 60)
        var tally = Tally()
        var early: ProcessFacts?
        var round = 0
        while round < rounds, round == 0 || ContinuousClock.now < end {
            let number = seed &+ UInt64(round)
            try await SoakRound(seed: number, cycles: cycles, isVerbose: verbose).run(&tally)
            round += 1
            // By then everything that is made once is there.
            if round == Self.warmUp { early = ProcessFacts.now }
            if round.isMultiple(of: 20) { try Self.tell("\(round) rounds, \(tally): \(ProcessFacts.now)") }
        }
        try Self.tell("\(round) rounds, \(tally): \(ProcessFacts.now)")
        if let early, let leak = ProcessFacts.now.growth(since: early, rounds: round - Self.warmUp) { throw leak }
    }

    private static let warmUp = 10

    static func tell(_ line: String) throws { _ = try FileDescriptor.standardOutput.writeAll("\(line)\n".utf8) }
}

/// What was done so far.
struct Tally: CustomStringConvertible {
    var cycles = 0
    /// Applies that did not reach their end because of what went wrong.
    var disturbed = 0
    /// Environments that no plan can bring about, as two services of which each waits for the other's volume.
    var refused = 0

    var description: String { "\(cycles) cycles, \(disturbed) disturbed, \(refused) refused" }
}
