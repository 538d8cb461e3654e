package import Inventory
package import Raft
package import Wire

extension Inventory {
    /// Applies a committed entry for whose outcomes nobody waits. Shards that are already further
    /// on skip it.
    package mutating func replay(_ entry: Entry) throws(CommandCodecError) {
        switch entry.kind {
        case .noop, .configuration:
            passEntry(entry.index)
        case .commands:
            let batch = try CommandBatch(decoding: entry.data)
            beginEntry(entry.index, stamp: batch.stamp)
            for command in batch.commands { _ = apply(command) }
            endEntry()
        }
    }
}
