package import Primitives

/// A write's place in one node's ordered stream of writes. It rises by one with each write of this
/// process and is never reused, so a completion can't be taken for that of a rewritten entry (ABA).
package struct WriteID: Hashable, Comparable, Sendable {
    package var rawValue: UInt64
    package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    package static let zero = WriteID(0)
    package var next: WriteID { WriteID(rawValue + 1) }
    package static func < (a: WriteID, b: WriteID) -> Bool { a.rawValue < b.rawValue }
}

/// One step of the durable stream: first the term and vote, then the truncation, then the entries.
/// Writes are carried out in the order of their ids; term, vote and entries share the stream.
package struct LogWrite: Hashable, Sendable {
    package var id: WriteID
    package var hardState: HardState?
    /// Entries from here on are removed before `entries` are appended.
    package var truncateFrom: LogIndex?
    /// Consecutive; the first follows the log's last entry after the truncation.
    package var entries: [Entry]

    package init(
        id: WriteID, hardState: HardState?, truncateFrom: LogIndex?, entries: [Entry]
    ) {
        self.id = id
        self.hardState = hardState
        self.truncateFrom = truncateFrom
        self.entries = entries
    }
}

/// The log's word that every write up to `upTo` is on stable storage. Only what syncs the log
/// may make one: it is the key that opens what waits for the disk.
package struct DurabilityReport: Hashable, Sendable {
    package let upTo: WriteID
    package init(syncedUpTo upTo: WriteID) { self.upTo = upTo }
}

/// The first index of a run of entries of one term. A log's runs tell the term of every entry
/// without keeping the entries in memory.
package struct TermRun: Hashable, Sendable {
    package var term: Term
    package var first: LogIndex
    package init(term: Term, first: LogIndex) {
        self.term = term
        self.first = first
    }
}

/// What a start finds on disk.
package struct RestoredLog: Sendable {
    package var hardState: HardState
    /// The position just before the oldest entry kept; zero for a log that was never cut.
    package var base: LogPosition
    /// Runs of all entries after `base`, by rising index.
    package var termRuns: [TermRun]
    /// The last entry on disk; `base` when there is none.
    package var last: LogPosition
    /// The newest entries, consecutive, ending at `last`; older ones are fetched when needed.
    package var tail: [Entry]
    /// Known committed before the crash: the highest index in any shard's file.
    package var committed: LogIndex

    package init(
        hardState: HardState, base: LogPosition, termRuns: [TermRun], last: LogPosition,
        tail: [Entry], committed: LogIndex
    ) {
        self.hardState = hardState
        self.base = base
        self.termRuns = termRuns
        self.last = last
        self.tail = tail
        self.committed = committed
    }
}
