import NodeCore
import Primitives
import SystemIO
import Wire

/// What a front on another thread asks of the node.
enum FrontRequest: Sendable {
    case submit(ClientRequest)
    case forward(ForwardRequest, to: NodeID)
}

/// The node, to a front on another thread: what gathers during a turn of the front's loop leaves
/// with one `post`.
final class NodeLink: FrontHost {
    private let mailboxes: NodeMailboxes
    private var outgoing: [FrontRequest] = []
    private var mustTellOfDraining = false

    init(_ mailboxes: NodeMailboxes) { self.mailboxes = mailboxes }

    func submit(_ request: ClientRequest) { outgoing.append(.submit(request)) }

    func forward(_ request: ForwardRequest, to leader: NodeID) {
        outgoing.append(.forward(request, to: leader))
    }

    func draining() { mustTellOfDraining = true }

    /// Whether nothing waits for the next `post`.
    var isEmpty: Bool { outgoing.isEmpty && !mustTellOfDraining }

    /// Leaves everything with the node. What finds no room is refused at once: nothing was done.
    func post(for front: Front) {
        if mailboxes.requests.offer(contentsOf: outgoing) {
            outgoing.removeAll(keepingCapacity: true)
        } else {
            let batch = outgoing
            outgoing = []
            for request in batch where !mailboxes.requests.offer(request) {
                refuse(request, front)
            }
        }
        guard mustTellOfDraining else { return }
        mustTellOfDraining = false
        // After the requests, in a mailbox that is never full: see `Node.turn`.
        _ = mailboxes.node.offer(.frontIsDraining)
    }

    private func refuse(_ request: FrontRequest, _ front: Front) {
        switch request {
        case .submit(let request):
            front.receive(
                Reply(id: request.id, answer: .unavailable(.overloaded), staleness: nil))
        case .forward(let request, _):
            front.notForwarded(RequestID(request.id))
        }
    }
}
