package import Primitives

/// What an entry's data means. Raw values are the encoding in the log and on the wire.
package enum EntryKind: UInt8, Sendable {
    /// The empty entry that opens a term (thesis §6.4): nothing to apply.
    case noop = 0
    /// A batch of commands, opaque to Raft.
    case commands = 1
    /// A membership; takes effect when appended (thesis §4.1).
    case configuration = 2
}

/// One entry of the replicated log. `data` is shared, never copied, between log, disk and network.
package struct Entry: Hashable, Sendable {
    package var index: LogIndex
    package var term: Term
    package var kind: EntryKind
    package var data: [UInt8]

    package init(index: LogIndex, term: Term, kind: EntryKind, data: [UInt8]) {
        self.index = index
        self.term = term
        self.kind = kind
        self.data = data
    }

    /// The most data an entry may carry, so that an append message fits one frame.
    package static let dataBytesMax = 192 * 1_024

    /// Where this entry is.
    package var position: LogPosition { LogPosition(term: term, index: index) }
}

/// Where an entry is: two logs that hold an entry at the same position agree up to it
/// (Log Matching, Raft paper §5.3). Ordered as §5.4.1 compares logs: by term, then by index.
package struct LogPosition: Hashable, Comparable, Sendable {
    package var term: Term
    package var index: LogIndex

    package init(term: Term, index: LogIndex) {
        self.term = term
        self.index = index
    }

    /// Before the first entry.
    package static let zero = LogPosition(term: .zero, index: .zero)

    package static func < (a: LogPosition, b: LogPosition) -> Bool {
        a.term == b.term ? a.index < b.index : a.term < b.term
    }
}

/// What must survive a crash besides the entries (Raft paper, figure 2, "persistent state").
package struct HardState: Hashable, Sendable {
    package var term: Term
    package var vote: NodeID?

    package init(term: Term, vote: NodeID?) {
        self.term = term
        self.vote = vote
    }

    /// Of a node that has never run.
    package static let initial = HardState(term: .zero, vote: nil)
}
