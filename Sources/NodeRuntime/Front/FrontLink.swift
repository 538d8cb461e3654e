import NodeCore
import Primitives
import SystemIO
import Wire

/// What the node tells a front on another thread: the calls of `FrontPort`.
enum FrontMessage: Sendable {
    case reply(Reply)
    case forwardAnswered(ForwardResponse)
    case notForwarded(RequestID)
    case lost(NodeID)
    case drain
}

/// A front on another thread, to its node: what gathers during a turn of the node leaves with one
/// swap.
final class FrontLink: FrontPort {
    private let inbox: Mailbox<FrontMessage>
    private var outgoing: [FrontMessage] = []

    init(_ inbox: Mailbox<FrontMessage>) { self.inbox = inbox }

    func receive(_ reply: Reply) { outgoing.append(.reply(reply)) }
    func receive(_ response: ForwardResponse) { outgoing.append(.forwardAnswered(response)) }
    func notForwarded(_ request: RequestID) { outgoing.append(.notForwarded(request)) }
    func lost(_ peer: NodeID) { outgoing.append(.lost(peer)) }
    func drain() { outgoing.append(.drain) }

    /// What finds no room waits for a later turn: an answer is never dropped. There are no more of
    /// them than there are requests under way.
    func flush() {
        if inbox.offer(contentsOf: outgoing) {
            outgoing.removeAll(keepingCapacity: true)
        } else {
            outgoing.removeFirst(outgoing.prefix { inbox.offer($0) }.count)
        }
    }
}

extension Front {
    /// Does what the node's end of the link was called for.
    func take(_ message: FrontMessage) {
        switch message {
        case .reply(let reply): receive(reply)
        case .forwardAnswered(let response): receive(response)
        case .notForwarded(let request): notForwarded(request)
        case .lost(let peer): lost(peer)
        case .drain: drain()
        }
    }
}
