import SystemIO

/// How a node's threads reach one another.
struct NodeMailboxes {
    /// Wakes the node's loop.
    let wakeup: Wakeup
    let node: Mailbox<NodeMessage>
    let log: Mailbox<LogTask>
    let storage: Mailbox<StorageTask>

    /// Raft's windows and the write-behind limit keep far fewer messages under way.
    private static let capacity = 1 << 20

    init() throws(SystemError) {
        wakeup = try Wakeup()
        node = Mailbox(capacity: Self.capacity, wakeup: wakeup)
        log = Mailbox(capacity: Self.capacity, wakeup: try Wakeup())
        storage = Mailbox(capacity: Self.capacity, wakeup: try Wakeup())
    }
}
