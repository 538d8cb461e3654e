import Primitives
import SystemIO

/// Many reads, a number of them at the same time, spread over all nodes.
final class ReadRound {
    private let loop: EventLoop
    private let nodes: ClusterNodes
    private let callers: [Caller]
    private var started = 0
    private(set) var finished = 0

    init(loop: EventLoop, nodes: ClusterNodes, callers count: Int) {
        self.loop = loop
        self.nodes = nodes
        callers = (0..<count).map { _ in Caller(loop: loop, nodes: nodes) }
    }

    /// Makes `count` reads; `write` appends the request of one, `read` takes its answer. Returns
    /// when all are answered, or at `deadline` with fewer `finished`.
    func run(
        _ count: Int, until deadline: MonotonicTime, progress: Progress, _ what: String,
        write: (Int, inout [UInt8]) -> Void, read: (Int, UInt16, [UInt8]) -> Void
    ) {
        withoutActuallyEscaping(write) { write in
            withoutActuallyEscaping(read) { read in
                for caller in callers { begin(caller, count, write, read) }
                while finished < count, loop.now < deadline {
                    loop.turn(waitingAtMost: Milliseconds(100))
                    progress.tick { _ in "\(what): \(grouped(finished)) of \(grouped(count))" }
                }
                for caller in callers {
                    caller.abandon()
                    caller.handler = { _, _ in }
                }
            }
        }
    }

    private func begin(
        _ caller: Caller, _ count: Int, _ write: @escaping (Int, inout [UInt8]) -> Void,
        _ read: @escaping (Int, UInt16, [UInt8]) -> Void
    ) {
        guard started < count else { return }
        let number = started
        started += 1
        caller.handler = { [unowned self, unowned caller] status, body in
            finished += 1
            read(number, status, [UInt8](copying: body))
            begin(caller, count, write, read)
        }
        caller.call(.node(NodePlace(number % nodes.addresses.count))) { write(number, &$0) }
    }
}
