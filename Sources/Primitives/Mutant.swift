/// A bug planted on purpose, to prove that the simulator's checkers would notice it. The product
/// asks `isPlanted` at the place of the bug; outside of builds with `-D MUTANTS`, which only tests
/// have, the answer is the constant `false` and the compiler leaves nothing of it.
@usableFromInline package enum Mutant: String, CaseIterable, Sendable {
    /// A vote leaves before it is on the disk.
    case voteBeforeSync = "vote-before-sync"
    /// A vote is never written to the disk.
    case voteNotWritten = "vote-not-written"
    /// A node votes for every candidate of a term.
    case voteTwice = "vote-twice"
    /// A candidate wins whose log lacks what others have.
    case staleLogElected = "stale-log-elected"
    /// A follower acknowledges entries before they are on its disk.
    case acceptBeforeSync = "accept-before-sync"
    /// The leader counts its own copy before it is on its disk.
    case ownCopyUnsynced = "own-copy-unsynced"
    /// Replicas of an old term's entry are counted (Raft paper, figure 8).
    case oldTermsCounted = "old-terms-counted"
    /// A follower takes entries whatever stands before them in its log.
    case previousNotCompared = "previous-not-compared"
    /// An append cuts off entries that it only repeats.
    case truncateOnOverlap = "truncate-on-overlap"
    /// A follower commits what the leader has committed, whether it has the same entries or not.
    case commitBeyondVerified = "commit-beyond-verified"
    /// So does a heartbeat.
    case heartbeatCommitUnbounded = "heartbeat-commit-unbounded"
    /// After a whole window of appends was lost, nothing is sent to find out.
    case lostWindowNotProbed = "lost-window-not-probed"
    /// The completion of a write counts for entries that were rewritten since.
    case staleCompletionCounts = "stale-completion-counts"
    /// A new leader answers reads before it knows what is committed.
    case readBeforeFirstCommit = "read-before-first-commit"
    /// A leader answers reads without asking whether it still is one.
    case readWithoutQuorum = "read-without-quorum"
    /// A read shares a round that was begun before it.
    case readJoinsRound = "read-joins-round"

    /// The log reports as synced what it has only written.
    case logNotSynced = "log-not-synced"
    /// The log tries again after a failed write or sync.
    case failedWriteRetried = "failed-write-retried"
    /// The log cuts damaged records off as if they were a torn tail.
    case damageTakenForTail = "damage-taken-for-tail"

    /// Held seats are given to the next who asks.
    case heldSeatsGiven = "held-seats-given"
    /// A hold that is asked for again with its key is another hold.
    case retryAppliedTwice = "retry-applied-twice"
    /// Seats that were dropped from a hold are free, and the hold's.
    case releasedSeatsKept = "released-seats-kept"
    /// Holds end when a leader says so, due or not.
    case expiryNotChecked = "expiry-not-checked"
    /// A hold expires while its payment is under way.
    case fencedSeatsExpire = "fenced-seats-expire"
    /// The provider's word counts as often as it comes.
    case successAppliedTwice = "success-applied-twice"
    /// A late payment books seats that have another owner by then.
    case lateSuccessTakesSeats = "late-success-takes-seats"
    /// Money that came too late is kept.
    case lateSuccessNotOwed = "late-success-not-owed"
    /// A cancelled order's money is kept.
    case cancelledOrderNotOwed = "cancelled-order-not-owed"
    /// A start applies entries to shards that have them already.
    case appliedAgain = "applied-again"

    /// A leader refuses from what it remembers, though it may be deposed.
    case refusalNotConfirmed = "refusal-not-confirmed"
    /// A node answers linearizable reads from what it remembers.
    case readNotConfirmed = "read-not-confirmed"
    /// Who waits for a deposed leader's entry is told that nothing was done.
    case unknownToldAsRefused = "unknown-told-as-refused"
    /// Rows go to the files before the node's own log is on its disk.
    case rowsBeforeLog = "rows-before-log"
    /// A new leader's clock begins before the last stamp in the log.
    case stampGoesBack = "stamp-goes-back"
    /// A lost answer of the provider is taken for a refusal.
    case lostAnswerDeclines = "lost-answer-declines"
    /// A new leader leaves open payments as they are.
    case paymentsNotResumed = "payments-not-resumed"

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
