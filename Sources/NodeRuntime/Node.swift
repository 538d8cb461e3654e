import API
import Inventory
import NodeCore
import Payments
import PeerTransport
import Primitives
import Raft
import SeatStore
import SystemIO
import Telemetry
import Wire

/// A running node: the core, the loop on which it lives together with its peers and clients, and
/// the threads of its log and its files. Made and run by one thread.
final class Node {
    enum Ending: Equatable {
        case stopped
        /// The node can no longer be trusted, or can't go on.
        case failed
    }

    enum Phase {
        case running
        /// Told to stop, or found unfit to go on: leadership is handed over and what is under way
        /// is finished until then. → ended
        case draining(until: MonotonicTime, Ending)
        case ended(Ending)
    }

    let loop: EventLoop
    var core: NodeCore
    private var effects = Effects()
    let log: Log
    let metrics: NodeMetrics
    private(set) var phase = Phase.running

    private let inbox: Mailbox<NodeMessage>
    private let requests: Mailbox<FrontRequest>
    private let logInbox: Mailbox<LogTask>
    private let storageInbox: Mailbox<StorageTask>
    private var messages: [NodeMessage] = []
    private var arrivals: [FrontRequest] = []
    private var backlogRows = 0
    private var callsUnderWay = 0

    private var mesh: PeerMesh?
    /// On this thread: it serves peers, and clients when there are no loops for them.
    private var front: Front?
    /// By number: first `front`, then those of the loops.
    private var fronts: [any FrontPort] = []
    /// Those that were told to drain and have not begun to.
    private var frontsToDrain = 0
    private let provider: SimulatedGateway

    /// A turn waits at most one tick of the core's clock.
    private static let turn = Milliseconds(10)
    /// How long a stop waits for requests under way.
    private static let drainTimeout = Milliseconds.seconds(3)
    /// How long a node whose rows or state can't be trusted waits for another to lead.
    private static let handOverTimeout = Milliseconds.seconds(1)

    init(
        loop: EventLoop, core: NodeCore, log: Log, metrics: NodeMetrics,
        mailboxes: NodeMailboxes, provider: SimulatedGateway
    ) {
        self.loop = loop
        self.core = core
        self.log = log
        self.metrics = metrics
        inbox = mailboxes.node
        requests = mailboxes.requests
        logInbox = mailboxes.log
        storageInbox = mailboxes.storage
        self.provider = provider
    }

    /// Its outside worlds, which need the node to be made.
    func attach(_ mesh: PeerMesh, _ front: Front, loops: [FrontLink]) {
        self.mesh = mesh
        self.front = front
        fronts = [front] + loops
    }

    /// Turns until the node ends.
    func run() -> Ending {
        while true {
            if case .ended(let ending) = phase { return ending }
            turn()
        }
    }

    func turn() {
        loop.turn(waitingAtMost: core.hasWorkLeft ? .zero : Self.turn)
        inbox.drain(into: &messages)
        for message in messages { take(message) }
        // After the messages: what a draining loop gave is there when it says that it drains.
        requests.drain(into: &arrivals)
        for request in arrivals { take(request) }
        handle(.turn)
        carryOut()
        for front in fronts { front.flush() }
        mesh?.flush()
        if case .draining(let until, let ending) = phase { drain(until: until, ending) }
    }

    func handle(_ input: Input) {
        core.handle(
            input, at: Instant(monotonic: loop.now, wall: SystemClock.wallNow()),
            effects: &effects)
    }

    // MARK: ending

    /// Finishes what is under way, hands leadership on, then ends.
    func stop() {
        guard case .running = phase else { return }
        log.info("stopping")
        leave(.stopped, within: Self.drainTimeout)
    }

    private func leave(_ ending: Ending, within span: Milliseconds) {
        guard case .running = phase else { return }
        frontsToDrain = fronts.count
        for front in fronts { front.drain() }
        handle(
            .request(
                ClientRequest(
                    id: Self.ownRequest, operation: .administer(.transferLeadership(to: nil)))))
        phase = .draining(until: loop.now + span, ending)
    }

    /// The core's requests by the node itself: no front has this number.
    private static let ownRequest = RequestID(.max)

    private func drain(until: MonotonicTime, _ ending: Ending) {
        let isAlone = core.configuration.raft.membership.members.count == 1
        let isDone =
            frontsToDrain == 0 && core.requestsUnderWay == 0 && (isAlone || !core.isLeading)
        guard isDone || loop.now >= until else { return }
        end(ending)
    }

    func end(_ ending: Ending) {
        if case .ended = phase { return }
        phase = .ended(ending)
        mesh?.close()
    }

    // MARK: inputs

    private func take(_ message: NodeMessage) {
        switch message {
        case .durable(let report):
            handle(.durable(report))
        case .fetched(let fetch, let entries):
            handle(.fetched(fetch, entries: entries))
        case .stored(let rows):
            backlogRows -= rows
            metrics.queueDepth[.writeBehind].set(Int64(backlogRows))
            handle(.writeBehindBacklog(rows: backlogRows))
        case .flushed(let request):
            handle(.flushed(request))
        case .logFailed(let error):
            log.error("log failed", ["reason": "\(error)"])
            end(.failed)
        case .storeFailed(let error):
            storeFailed(error)
        case .frontIsDraining:
            draining()
        }
    }

    private func take(_ request: FrontRequest) {
        switch request {
        case .submit(let request): submit(request)
        case .forward(let request, let leader): forward(request, to: leader)
        }
    }

    /// A disagreement between rows and memory is an oversell until somebody has shown otherwise.
    private func storeFailed(_ error: StoreError) {
        switch error {
        case .disagreement(let disagreement):
            metrics.oversells.add()
            log.error(
                "oversell",
                [
                    "reason": "\(disagreement)",
                    "oversell_total": .integer(Int64(metrics.oversells.value)),
                ])
            leave(.failed, within: Self.handOverTimeout)
        case .sqlite, .wrongFile, .damaged:
            log.error("seat store failed", ["reason": "\(error)"])
            leave(.failed, within: Self.handOverTimeout)
        }
    }

    // MARK: effects

    private func carryOut() {
        sendMessages()
        for write in effects.writes { post(.write(write)) }
        for fetch in effects.fetches { post(.fetch(fetch)) }
        handOverRows()
        for call in effects.providerCalls {
            callsUnderWay += 1
            provider.perform(call) { [unowned self] id, result in
                callsUnderWay -= 1
                handle(.provider(id, result))
            }
        }
        for event in effects.events { note(event) }
        if let halt = effects.halt { self.halt(halt) }
        let replies = effects.replies
        effects.removeAll()
        for reply in replies { front(of: reply.id)?.receive(reply) }
        updateGauges()
    }

    private func sendMessages() {
        for outbound in effects.messages {
            mesh?.send(.raft(outbound.message), to: outbound.to)
        }
        guard let gossip = effects.gossip else { return }
        let digest = StateDigest(index: gossip.appliedIndex, digest: gossip.digest)
        for member in core.configuration.raft.membership.members
        where member != core.configuration.raft.id {
            mesh?.send(.stateDigest(digest), to: member)
        }
    }

    private func post(_ task: LogTask) {
        let taken = logInbox.offer(task)
        invariant(
            taken || logInbox.capacity == 0 || isEnded,
            "INV-72: the log's mailbox is full: \(logInbox.capacity)")
    }

    private func post(_ task: StorageTask) {
        let taken = storageInbox.offer(task)
        invariant(
            taken || !isRunning, "INV-74: the storage mailbox is full: \(storageInbox.capacity)")
    }

    private var isRunning: Bool {
        if case .running = phase { return true }
        return false
    }

    private var isEnded: Bool {
        if case .ended = phase { return true }
        return false
    }

    private func handOverRows() {
        for delta in effects.deltas {
            backlogRows += delta.changes.count
            post(.write(delta))
        }
        for mark in effects.flushMarks { post(.mark(mark)) }
        if !effects.deltas.isEmpty {
            metrics.queueDepth[.writeBehind].set(Int64(backlogRows))
            core.handle(
                .writeBehindBacklog(rows: backlogRows),
                at: Instant(monotonic: loop.now, wall: SystemClock.wallNow()), effects: &effects)
        }
    }

    private func updateGauges() {
        metrics.raftTerm.set(Int64(core.raft.term.rawValue))
        metrics.raftCommitIndex.set(Int64(core.raft.commitIndex.rawValue))
        metrics.raftAppliedIndex.set(Int64(core.appliedIndex.rawValue))
        metrics.raftIsLeader.set(core.isLeading ? 1 : 0)
        metrics.activeHolds.set(Int64(core.inventory.activeHolds))
        metrics.queueDepth[.nodeMailbox].set(Int64(core.requestsUnderWay))
        metrics.queueDepth[.logWriter].set(Int64(logInbox.count))
        metrics.queueDepth[.payments].set(Int64(callsUnderWay))
        if let mesh { metrics.peers.show(mesh) }
    }

    private func halt(_ reason: HaltReason) {
        switch reason {
        case .unreadableEntry(let index, let reason):
            log.error(
                "entry can't be read: a newer version wrote it",
                ["index": .integer(Int64(index.rawValue)), "reason": "\(reason)"])
        case .stateDiverged(let index, let own, let others):
            log.error(
                "state diverged from the majority's",
                [
                    "index": .integer(Int64(index.rawValue)),
                    "own_digest": "\(Hex.encode(own))",
                    "others_digest": "\(Hex.encode(others))",
                ])
        }
        end(.failed)
    }
}

extension Node: FrontHost {
    func submit(_ request: ClientRequest) { handle(.request(request)) }

    func forward(_ request: ForwardRequest, to leader: NodeID) {
        if case .queued? = mesh?.send(.forwardRequest(request), to: leader) { return }
        let id = RequestID(request.id)
        front(of: id)?.notForwarded(id)
    }

    func draining() { frontsToDrain -= 1 }

    /// Nil for the node's own requests, and for numbers that a peer made up.
    private func front(of request: RequestID) -> (any FrontPort)? {
        request.front < fronts.count ? fronts[request.front] : nil
    }
}

extension Node: ForwardingPeers {
    func answer(_ response: ForwardResponse, to peer: NodeID) {
        mesh?.send(.forwardResponse(response), to: peer)
    }
}

extension Node: PeerReceiver {
    func receive(_ frame: PeerFrame, from peer: NodeID, clock: WallTime) {
        switch frame {
        case .raft(let message):
            handle(.message(message, from: peer, clock: clock))
        case .stateDigest(let digest):
            handle(
                .gossip(
                    Gossip(appliedIndex: digest.index, digest: digest.digest), from: peer,
                    clock: clock))
        case .forwardRequest(let request):
            front?.receive(request, from: peer)
        case .forwardResponse(let response):
            front(of: RequestID(response.id))?.receive(response)
        }
    }

    func peerConnected(_ session: PeerSession, _ direction: PeerDirection) {
        log.info(
            "peer connected", ["peer": "\(session.peer)", "direction": "\(direction.word)"])
    }

    func peerLost(_ peer: NodeID, _ direction: PeerDirection, _ loss: PeerLoss) {
        for front in fronts { front.lost(peer) }
        log.warn(
            "peer lost",
            ["peer": "\(peer)", "direction": "\(direction.word)", "reason": "\(loss)"])
    }

    func dialFailed(_ peer: PeerEndpoint, _ refusal: PeerRefusal) {
        log.warn(
            "peer can't be reached",
            [
                "peer": "\(peer.node)", "address": "\(peer.address)", "reason": "\(refusal)",
            ])
    }

    func strangerRefused(_ refusal: PeerRefusal, from address: SocketAddress?, untold: Int) {
        log.warn(
            "connection refused",
            [
                "address": "\(address.map { "\($0)" } ?? "gone")", "reason": "\(refusal)",
                "untold": .integer(Int64(untold)),
            ])
    }
}

extension PeerDirection {
    fileprivate var word: String {
        switch self {
        case .sending: "sending"
        case .receiving: "receiving"
        }
    }
}
