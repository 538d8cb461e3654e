import Primitives
import Raft

/// What the log says, without its entries: kept by the writer, rebuilt by recovery.
struct LogOutline: Hashable {
    var hardState: HardState
    /// The position before the oldest entry.
    private(set) var base: LogPosition
    /// Runs of all entries after `base`.
    private(set) var termRuns: [TermRun] = []
    private(set) var lastIndex: LogIndex

    init(base: LogPosition, hardState: HardState) {
        self.base = base
        self.hardState = hardState
        lastIndex = base.index
    }

    /// The last entry; `base` when there is none.
    var last: LogPosition {
        LogPosition(term: termRuns.last?.term ?? base.term, index: lastIndex)
    }

    /// Whether the entry can come next.
    func precedes(_ position: LogPosition) -> Bool {
        position.index == lastIndex.next && position.term >= last.term
    }

    /// Whether this state can follow the one before: terms never fall, and a term has one vote.
    func precedes(_ state: HardState) -> Bool {
        if state.term == hardState.term {
            return hardState.vote == nil || hardState.vote == state.vote
        }
        return state.term > hardState.term
    }

    mutating func append(_ position: LogPosition) {
        if termRuns.last?.term != position.term {
            termRuns.append(TermRun(term: position.term, first: position.index))
        }
        lastIndex = position.index
    }

    /// Removes the entries from `index` on, which must be above the base.
    mutating func truncate(from index: LogIndex) {
        while let run = termRuns.last, run.first >= index { termRuns.removeLast() }
        lastIndex = min(lastIndex, index.previous)
    }

    /// Moves the base up to an entry of the log.
    mutating func cut(to newBase: LogPosition) {
        base = newBase
        guard newBase.index < lastIndex else {
            termRuns.removeAll()
            return
        }
        let firstKept = termRuns.lastIndex { $0.first <= newBase.index.next } ?? 0
        termRuns.removeFirst(firstKept)
        termRuns[0].first = newBase.index.next
    }
}
