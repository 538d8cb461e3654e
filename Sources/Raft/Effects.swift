package import Primitives

/// A message and whom it is for.
package struct Outbound: Hashable, Sendable {
    package var to: NodeID
    package var message: Message
    package init(to: NodeID, message: Message) {
        self.to = to
        self.message = message
    }
}

/// Entries that a follower needs and memory no longer has: read them from the log's files and
/// hand them to `Raft.fetched`.
package struct LogFetch: Hashable, Sendable {
    package var peer: NodeID
    package var from: LogIndex
    /// As `Entry.bytes` counts them. One entry is fetched whatever its size.
    package var bytesMax: Int
    package init(peer: NodeID, from: LogIndex, bytesMax: Int) {
        self.peer = peer
        self.from = from
        self.bytesMax = bytesMax
    }
}

/// The end of a linearizable read's wait.
package struct ReadOutcome: Hashable, Sendable {
    package var id: ReadID
    /// Answer once this index is applied; nil: leadership could not be confirmed, ask again.
    package var index: LogIndex?
    package init(id: ReadID, index: LogIndex?) {
        self.id = id
        self.index = index
    }
}

/// What the host must do after a call into `Raft`. The caller passes the same value again and
/// again and empties it between calls; Raft only appends.
package struct RaftEffects: Sendable {
    /// May leave at once. What must wait for the disk stays inside `Raft` until `durable(_:)`.
    package var messages: [Outbound] = []
    /// To be carried out in order by the log, which reports back through `durable(_:)`.
    package var writes: [LogWrite] = []
    package var reads: [ReadOutcome] = []
    package var fetches: [LogFetch] = []

    package init() {}

    /// Empties all of it and keeps the room, for the next input.
    package mutating func removeAll() {
        messages.removeAll(keepingCapacity: true)
        writes.removeAll(keepingCapacity: true)
        reads.removeAll(keepingCapacity: true)
        fetches.removeAll(keepingCapacity: true)
    }
}
