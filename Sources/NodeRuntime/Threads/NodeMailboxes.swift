import SystemIO

/// How a node's threads reach one another.
struct NodeMailboxes {
    /// How an HTTP loop is reached, and woken.
    struct Loop {
        let wakeup: Wakeup
        let inbox: Mailbox<FrontMessage>
    }

    /// Wakes the node's loop.
    let wakeup: Wakeup
    let node: Mailbox<NodeMessage>
    /// What HTTP loops ask of the node: the one mailbox that is meant to be full at times.
    let requests: Mailbox<FrontRequest>
    let log: Mailbox<LogTask>
    let storage: Mailbox<StorageTask>
    let loops: [Loop]

    /// Raft's windows and the write-behind limit keep far fewer messages under way.
    private static let capacity = 1 << 20

    init(requestsMax: Int, loopCount: Int) throws(SystemError) {
        wakeup = try Wakeup()
        node = Mailbox(capacity: Self.capacity, wakeup: wakeup)
        requests = Mailbox(capacity: requestsMax, wakeup: wakeup)
        log = Mailbox(capacity: Self.capacity, wakeup: try Wakeup())
        storage = Mailbox(capacity: Self.capacity, wakeup: try Wakeup())
        var loops: [Loop] = []
        for _ in 0..<loopCount {
            let wakeup = try Wakeup()
            loops.append(
                Loop(wakeup: wakeup, inbox: Mailbox(capacity: Self.capacity, wakeup: wakeup)))
        }
        self.loops = loops
    }

    /// Ends the other threads, each after what it was sent.
    func close() {
        log.close()
        storage.close()
        for loop in loops { loop.inbox.close() }
    }
}
