import Primitives
import SystemIO

/// One of the buyers that are at the sale at the same time: a connection, and one visit after the
/// other. What to do is the visit's to say; this does it.
final class Buyer {
    private let loop: EventLoop
    private let caller: Caller
    private unowned let sale: SaleRun
    private var visit: Visit?
    private var call = SaleCall.hold

    private static var idleInterval: Milliseconds { Milliseconds(50) }

    init(loop: EventLoop, nodes: ClusterNodes, sale: SaleRun) {
        self.loop = loop
        self.sale = sale
        caller = Caller(loop: loop, nodes: nodes)
        caller.handler = { [unowned self] status, body in heard(status, body) }
    }

    /// Whether a visit is under way.
    var isVisiting: Bool { visit != nil }

    /// Goes to the sale as soon as there seems to be something to have, again and again.
    func enter() {
        switch sale.admit() {
        case .over:
            return
        case .nothingFree:
            loop.schedule(after: Self.idleInterval) { [weak self] in self?.enter() }
        case .visit(let visit):
            self.visit = visit
            take(visit.firstStep)
        }
    }

    /// Leaves everything as it is.
    func goHome() {
        visit = nil
        caller.abandon()
    }

    private func take(_ step: VisitStep) {
        guard let visit else { return }
        switch step {
        case .call(let call):
            self.call = call
            sale.asks(call)
            caller.call(.leader) { sale.writer.append(call, of: visit, to: &$0) }
        case .pause(let span):
            loop.schedule(after: span) { [weak self] in self?.resume() }
        case .leave(let ending):
            self.visit = nil
            sale.ends(visit, ending)
            // Refused buyers look at the map again before they try once more.
            loop.schedule(after: ending == .refused ? Self.idleInterval : .zero) { [weak self] in
                self?.enter()
            }
        }
    }

    private func resume() {
        guard let step = visit?.resume() else { return }
        take(step)
    }

    private func heard(_ status: UInt16, _ body: Span<UInt8>) {
        let now = SystemClock.monotonicNow()
        let answer = SaleAnswer(status, [UInt8](copying: body), call.form, sale.writer.stadium)
        sale.hears(call, answer, Nanoseconds(from: caller.startedAt, to: now), at: now)
        let seatsBefore = visit?.seats ?? []
        guard let step = visit?.hear(answer, at: now), let visit else { return }
        sale.moves(visit, from: seatsBefore)
        take(step)
    }
}
