import Primitives
import Raft

/// What a log must say, kept in the plainest way.
struct LogModel: Hashable {
    var hardState = HardState.initial
    /// All entries ever kept, from index 1; a cut does not remove them here.
    var entries: [Entry] = []

    var last: LogPosition { entries.last?.position ?? .zero }

    /// The smallest steps of a write: after a crash any number of them may have been taken.
    static func steps(of write: LogWrite) -> [LogWrite] {
        var steps: [LogWrite] = []
        if let state = write.hardState {
            steps.append(
                LogWrite(id: write.id, hardState: state, truncateFrom: nil, entries: []))
        }
        if let index = write.truncateFrom {
            steps.append(
                LogWrite(id: write.id, hardState: nil, truncateFrom: index, entries: []))
        }
        return steps
            + write.entries.map {
                LogWrite(id: write.id, hardState: nil, truncateFrom: nil, entries: [$0])
            }
    }

    mutating func apply(_ write: LogWrite) {
        if let state = write.hardState { hardState = state }
        if let index = write.truncateFrom {
            entries.removeSubrange(min(entries.count, Int(index.rawValue) - 1)...)
        }
        entries += write.entries
    }

    /// Entries above `base`.
    func entries(after base: LogIndex) -> [Entry] {
        Array(entries.dropFirst(Int(base.rawValue)))
    }

    func position(at index: LogIndex) -> LogPosition {
        index == .zero ? .zero : entries[Int(index.rawValue) - 1].position
    }

    func termRuns(after base: LogIndex) -> [TermRun] {
        entries(after: base).reduce(into: []) { runs, entry in
            if runs.last?.term != entry.term {
                runs.append(TermRun(term: entry.term, first: entry.index))
            }
        }
    }
}
