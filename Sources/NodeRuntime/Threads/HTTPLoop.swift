import HTTPServer
import NodeCore
import Primitives
import SystemIO
import Telemetry

/// A thread for clients: an event loop, a server and a front of its own. Its port is shared with
/// the other loops; the node is reached through mailboxes. Made by one thread and run by another.
final class HTTPLoop {
    private let loop: EventLoop
    private let inbox: Mailbox<FrontMessage>
    private let node: NodeLink
    private let front: Front
    private var messages: [FrontMessage] = []

    /// Timers and mailboxes end a wait before this.
    private static let turn = Milliseconds.seconds(1)

    /// All loops of a node: they share the listener's port and one limit of connections.
    static func all(
        of configuration: NodeConfiguration, _ mailboxes: NodeMailboxes,
        listener: consuming ListeningSocket, metrics: NodeMetrics
    ) throws(SystemError) -> [HandOver<HTTPLoop>] {
        let allowance = ConnectionAllowance(connectionsMax: configuration.http.connectionsMax)
        var loops: [HandOver<HTTPLoop>] = []
        func add(_ listener: consuming ListeningSocket) throws(SystemError) {
            loops.append(
                HandOver(
                    try HTTPLoop(
                        loops.count + 1, configuration, mailboxes, listener: listener,
                        allowance: allowance, metrics: metrics)))
        }
        for _ in 1..<mailboxes.loops.count { try add(try listener.sibling()) }
        try add(listener)
        return loops
    }

    /// - Parameter number: from 1: the node's own front is 0.
    private init(
        _ number: Int, _ configuration: NodeConfiguration, _ mailboxes: NodeMailboxes,
        listener: consuming ListeningSocket, allowance: ConnectionAllowance,
        metrics: NodeMetrics
    ) throws(SystemError) {
        let mailbox = mailboxes.loops[number - 1]
        loop = try EventLoop(wakeup: mailbox.wakeup)
        inbox = mailbox.inbox
        node = NodeLink(mailboxes)
        front = Front(
            number: number, loop: loop, configuration: configuration.apiConfiguration,
            metrics: metrics, host: node)
        front.serve(
            try HTTPServer(
                loop: loop, listener: listener, limits: configuration.serverLimits,
                allowance: allowance, service: front))
    }

    /// Starts the thread. It ends when its mailbox is closed, and sends what was in it first.
    static func start(_ number: Int, _ loop: HandOver<HTTPLoop>) throws(SystemError) -> Thread {
        try Thread.start(name: "holdfast-http\(number)") {
            guard let loop = loop.take() else { return }
            while loop.turn() == .open {}
        }
    }

    private func turn() -> Mailbox<FrontMessage>.Prospect {
        loop.turn(waitingAtMost: node.isEmpty ? Self.turn : .zero)
        // First, so that the node works while this thread writes.
        node.post(for: front)
        let prospect = inbox.drain(into: &messages)
        for message in messages { front.take(message) }
        front.flush()
        return prospect
    }
}
