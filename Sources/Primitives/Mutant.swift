/// A bug planted on purpose, to prove that the simulator's checkers would notice it. The product
/// asks `isPlanted` at the place of the bug; outside of builds with `-D MUTANTS`, which only tests
/// have, the answer is the constant `false` and the compiler leaves nothing of it.
@usableFromInline package enum Mutant: String, CaseIterable, Sendable {
    /// A vote is sent before it is on the disk.
    case voteBeforeSync = "vote-before-sync"

    /// Whether the program runs with this bug.
    @inlinable package var isPlanted: Bool {
        #if MUTANTS
            Mutant.planted == self
        #else
            false
        #endif
    }

    #if MUTANTS
        // Proof: set by the simulator's only thread, between runs.
        /// The one bug of this run.
        @usableFromInline package nonisolated(unsafe) static var planted: Mutant?
    #endif
}
