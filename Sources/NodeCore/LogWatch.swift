import Primitives
import Raft

/// How long this node's own log takes to make writes safe. A leader whose disk hangs keeps its
/// heartbeats going, and with them a leadership that can commit nothing without help
/// (hashicorp/raft #503): it should step down.
struct LogWatch: Sendable {
    private struct Write {
        var id: WriteID
        var issuedAt: MonotonicTime
    }

    private var unsafe = Queue<Write>()

    mutating func issued(_ write: WriteID, at now: MonotonicTime) {
        unsafe.append(Write(id: write, issuedAt: now))
    }

    mutating func reported(_ report: DurabilityReport) {
        while let first = unsafe.first, first.id <= report.upTo { _ = unsafe.popFirst() }
    }

    /// How long the oldest write that is not yet safe has been under way.
    func delay(at now: MonotonicTime) -> Milliseconds {
        unsafe.first.map { now.milliseconds(since: $0.issuedAt) } ?? .zero
    }
}
