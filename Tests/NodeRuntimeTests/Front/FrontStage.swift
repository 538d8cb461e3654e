import HTTPServer
import NodeCore
import Primitives
import SystemIO
import Telemetry
import Testing
import Wire

@testable import NodeRuntime

/// Where HTTP runs: what clients see is the same.
enum FrontShape: CaseIterable {
    case onTheNodesThread
    case onTwoLoops

    fileprivate var loopCount: Int {
        switch self {
        case .onTheNodesThread: 0
        case .onTwoLoops: 2
        }
    }
}

/// Real fronts, and a node on the test's own thread that does nothing but remember what it was
/// asked for: the test says what it answers.
final class FrontStage {
    let node = ScriptedNode()
    let address: SocketAddress
    let metrics: NodeMetrics
    private let loop: EventLoop
    private let mailboxes: NodeMailboxes
    /// As in `Node`: the one on this thread first, then those of the loops.
    private(set) var ports: [any FrontPort] = []
    private let front: Front
    private var threads: [Thread] = []
    private var messages: [NodeMessage] = []
    private var arrivals: [FrontRequest] = []

    /// - Parameter settings: keys of the sample configuration that differ, with values as JSON.
    init(_ shape: FrontShape, _ settings: [String: String] = [:]) throws {
        var keys = settings
        keys["open_sales"] = "true"
        keys["http_loops"] = "\(shape.loopCount)"
        let configuration = try load(keys)
        mailboxes = try NodeMailboxes(
            requestsMax: configuration.queues.requestsMax, loopCount: shape.loopCount)
        loop = try EventLoop(wakeup: mailboxes.wakeup)
        metrics = NodeMetrics(routes: NodeConfiguration.routeLabels, shards: [], version: "0")
        let listener = try ListeningSocket(at: .ipv4(0x7F00_0001, port: 0))
        address = listener.address
        front = Front(
            number: 0, loop: loop, configuration: configuration.apiConfiguration,
            metrics: metrics, host: node)
        front.serve(node)
        ports = [front]
        switch shape {
        case .onTheNodesThread:
            front.serve(
                try HTTPServer(
                    loop: loop, listener: listener, limits: configuration.serverLimits,
                    service: front))
        case .onTwoLoops:
            ports += mailboxes.loops.map { FrontLink($0.inbox) }
            let loops = try HTTPLoop.all(
                of: configuration, mailboxes, listener: listener, metrics: metrics)
            for (place, loop) in loops.enumerated() {
                threads.append(try HTTPLoop.start(place + 1, loop))
            }
        }
    }

    deinit { end() }

    /// As a node that ends: what the loops were sent is still done.
    func end() {
        mailboxes.close()
        for thread in threads { thread.join() }
        threads = []
    }

    /// A turn of the node, which hears of what its clients and loops have sent.
    func turn() {
        loop.turn(waitingAtMost: Milliseconds(1))
        mailboxes.node.drain(into: &messages)
        mailboxes.requests.drain(into: &arrivals)
        for case .frontIsDraining in messages { node.draining() }
        for arrival in arrivals {
            switch arrival {
            case .submit(let request): node.submit(request)
            case .forward(let request, let leader): node.forward(request, to: leader)
            }
        }
        for port in ports { port.flush() }
    }

    /// Turns the node until there is something; an issue is recorded when there isn't in a minute.
    func turn(sourceLocation: SourceLocation = #_sourceLocation, until isDone: () -> Bool) {
        let end = SystemClock.monotonicNow() + .seconds(60)
        while !isDone() {
            guard SystemClock.monotonicNow() < end else {
                Issue.record("nothing came of it", sourceLocation: sourceLocation)
                return
            }
            turn()
        }
    }

    /// Answers the request with this number, counted from the first that the node was given.
    func answer(_ number: Int, _ answer: Answer) {
        let id = node.submitted[number].id
        ports[id.front].receive(Reply(id: id, answer: answer, staleness: .zero))
    }

    /// The front of the requests that the node's peers send on.
    func receive(_ forward: ForwardRequest, from peer: NodeID) {
        front.receive(forward, from: peer)
    }
}

/// What fronts have asked of their node.
final class ScriptedNode: FrontHost, ForwardingPeers {
    private(set) var submitted: [ClientRequest] = []
    private(set) var forwarded: [(request: ForwardRequest, leader: NodeID)] = []
    private(set) var answered: [(response: ForwardResponse, peer: NodeID)] = []
    private(set) var drainings = 0

    func submit(_ request: ClientRequest) { submitted.append(request) }
    func forward(_ request: ForwardRequest, to leader: NodeID) {
        forwarded.append((request, leader))
    }
    func draining() { drainings += 1 }
    func answer(_ response: ForwardResponse, to peer: NodeID) { answered.append((response, peer)) }
}
