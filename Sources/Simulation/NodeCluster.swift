import Inventory
package import NodeCore
package import Primitives
package import Raft

/// A cluster of whole `NodeCore`s in one thread, with clocks, disks, files, a network and a payment
/// provider that are all models: the same seed gives the same run. Time moves only when the test
/// says so. After every input `safety` checks what must hold.
package struct NodeCluster {
    package let membership: Membership
    /// In the order of the members.
    package let machines: [NodeMachine]
    package var provider = NodeProvider()
    package var timings = NodeTimings()
    package var messageForm = MessageForm.values
    package internal(set) var safety: NodeSafety
    package internal(set) var history = NodeHistory()
    /// Answers by request.
    package internal(set) var replies: [RequestID: Reply] = [:]
    /// Nanoseconds since the beginning.
    package internal(set) var time: UInt64 = 0

    var happenings = BinaryHeap<Scheduled>()
    var lastSequence: UInt64 = 0
    var lastRequest: UInt64 = 0
    var random: PRNG
    /// One-way links that carry nothing.
    var cutLinks: Set<Link> = []
    package let shardCount: Int

    struct Scheduled: Comparable {
        var at: UInt64
        var sequence: UInt64
        var happening: NodeHappening
        static func < (a: Scheduled, b: Scheduled) -> Bool {
            (a.at, a.sequence) < (b.at, b.sequence)
        }
        static func == (a: Scheduled, b: Scheduled) -> Bool { a.sequence == b.sequence }
    }

    struct Link: Hashable {
        var from: NodeID
        var to: NodeID
    }

    /// The true wall clock at the beginning.
    package static let epoch = WallTime(1_700_000_000_000)
    static let replayWindow = Milliseconds.seconds(3_600)

    /// All members, started on empty disks at the same moment.
    package init(
        nodes count: Int, seed: UInt64 = 1, shardCount: Int = 2,
        configure: (inout NodeCoreConfiguration) -> Void = { _ in }
    ) {
        let ids = (1...count).map { NodeID(UInt16($0)) }
        do { membership = try Membership(voters: ids) } catch { invariantFailure("\(error)") }
        self.shardCount = shardCount
        random = PRNG(seed: seed)
        safety = NodeSafety(membership)
        let empty = Inventory(shardCount: shardCount, replayWindow: Self.replayWindow)
        var machines: [NodeMachine] = []
        for id in ids {
            var configuration = NodeCoreConfiguration(
                raft: RaftConfiguration(id: id, membership: membership))
            configure(&configuration)
            machines.append(
                NodeMachine(
                    configuration, store: NodeStore(empty),
                    monotonicOffset: random.next(below: 1 << 40)))
        }
        self.machines = machines
        for id in ids { start(id) }
    }

    /// All nodes, running or not.
    package var ids: [NodeID] { machines.map(\.id) }

    /// One node's machine.
    package subscript(id: NodeID) -> NodeMachine { machines[slot(id)] }

    /// The core of a node that is up.
    package func core(_ id: NodeID) -> NodeCore {
        guard let core = self[id].core else { invariantFailure("node \(id) is down") }
        return core
    }

    /// The leader of the highest term, if any node leads.
    package var leader: NodeID? {
        var leader: (id: NodeID, term: Term)?
        for machine in machines where machine.core?.isLeading == true {
            let term = machine.core?.raft.term ?? .zero
            if leader.map({ $0.term < term }) ?? true { leader = (machine.id, term) }
        }
        return leader?.id
    }

    /// Members are numbered from 1.
    func slot(_ id: NodeID) -> Int { Int(id.rawValue) - 1 }

    /// Milliseconds since the beginning.
    package var milliseconds: Int64 { Int64(time / 1_000_000) }

    /// What the node's wall clock says.
    package func wall(_ id: NodeID) -> WallTime { instant(slot(id)).wall }

    func instant(_ slot: Int) -> Instant {
        let machine = machines[slot]
        return Instant(
            monotonic: MonotonicTime(nanoseconds: machine.monotonicOffset + time),
            wall: Self.epoch + Milliseconds(milliseconds) + machine.skew)
    }
}

// Time.
extension NodeCluster {
    mutating func schedule(_ happening: NodeHappening, after nanoseconds: UInt64) {
        lastSequence += 1
        happenings.insert(
            Scheduled(at: time + nanoseconds, sequence: lastSequence, happening: happening))
    }

    /// A span of the range, in nanoseconds.
    mutating func draw(_ microseconds: ClosedRange<Int>) -> UInt64 {
        UInt64(random.next(in: microseconds)) * 1_000
    }

    mutating func happens(permille: Int) -> Bool {
        permille > 0 && random.next(below: 1_000) < UInt64(permille)
    }

    /// Lets everything happen that is due within `span`.
    package mutating func run(for span: Milliseconds) {
        let end = time + UInt64(span.rawValue) * 1_000_000
        while let next = happenings.min, next.at <= end { advance() }
        time = end
    }

    /// Runs until the condition holds.
    /// - Returns: false when it did not within `span`.
    @discardableResult
    package mutating func run(
        atMost span: Milliseconds, until condition: (NodeCluster) -> Bool
    ) -> Bool {
        let end = time + UInt64(span.rawValue) * 1_000_000
        while !condition(self) {
            guard let next = happenings.min, next.at <= end else {
                time = end
                return condition(self)
            }
            advance()
        }
        return true
    }

    /// The next thing happens.
    private mutating func advance() {
        guard let next = happenings.removeMin() else { return }
        time = max(time, next.at)
        happen(next.happening)
    }
}
