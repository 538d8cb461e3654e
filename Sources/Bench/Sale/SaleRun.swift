import Primitives
import SystemIO

/// Sells the stadium out: buyers come and go until every seat is booked, whatever happens to the
/// cluster meanwhile.
final class SaleRun {
    /// What a buyer who wants to enter is told.
    enum Admission {
        case visit(Visit)
        /// Every seat is booked or promised, as far as is known.
        case nothingFree
        case over
    }

    private enum Phase {
        case selling
        case over
    }

    let writer: SaleWriter
    private let loop: EventLoop
    private let nodes: ClusterNodes
    private let options: SaleOptions
    private let progress: Progress
    private let progressFile: ProgressFile?
    private let mapReader: Caller
    private var buyers: [Buyer] = []
    private var phase = Phase.selling
    private var pool: SeatPool
    private var random: PRNG
    private var visits = 0
    private var nextSweepAt = MonotonicTime.zero

    private(set) var figures = SaleFigures()
    private(set) var ledger = SaleLedger()
    private(set) var findings = Findings()

    private static var sweepInterval: Milliseconds { Milliseconds(500) }
    /// A sale that is wrong this often is given up.
    private static var findingsMax: Int { 100 }

    init(
        loop: EventLoop, nodes: ClusterNodes, options: SaleOptions, writer: SaleWriter,
        progress: Progress, progressFile: ProgressFile?
    ) {
        self.loop = loop
        self.nodes = nodes
        self.options = options
        self.writer = writer
        self.progress = progress
        self.progressFile = progressFile
        pool = SeatPool(seatCount: options.stadium.seatCount)
        random = PRNG(seed: options.seed)
        mapReader = Caller(loop: loop, nodes: nodes)
        mapReader.handler = { [unowned self] status, body in
            sweep(status, [UInt8](copying: body))
        }
    }

    /// Runs until all seats are booked and all buyers have left, or until `deadline`.
    func run(until deadline: MonotonicTime) {
        figures.startedAt = SystemClock.monotonicNow()
        buyers = (0..<options.buyers).map { _ in Buyer(loop: loop, nodes: nodes, sale: self) }
        for buyer in buyers { buyer.enter() }
        while phase == .selling || buyers.contains(where: \.isVisiting), loop.now < deadline {
            loop.turn(waitingAtMost: Milliseconds(100))
            progress.tick { line(&$0) }
            progressFile?.show(perMille: figures.seatsBooked * 1_000 / options.stadium.seatCount)
            if phase == .selling { lookForForgottenSeats() }
        }
        end()
        for buyer in buyers { buyer.goHome() }
        mapReader.abandon()
        let unsold = options.stadium.seatCount - figures.seatsBooked
        if unsold > 0 { findings.add("the sale did not end in time", "\(unsold) seats are unsold") }
    }

    private func line(_ tick: inout Progress.Tick) -> String {
        let booked = figures.seatsBooked
        let total = options.stadium.seatCount
        let leader = nodes.address(of: nodes.leader)
        return "sold \(grouped(booked)) of \(grouped(total)) (\(booked * 100 / total)%), "
            + "promised \(grouped(total - pool.count - booked)), "
            + "\(grouped(tick.perSecond(booked))) seats/s, leader \(leader)"
    }

    private func end() {
        guard phase == .selling else { return }
        phase = .over
        figures.endedAt = SystemClock.monotonicNow()
        figures.gaps.close(at: figures.endedAt)
    }

    // MARK: what buyers tell

    func admit() -> Admission {
        guard phase == .selling else { return .over }
        let plan = VisitPlan.draw(
            number: visits + 1, pool, options.stadium, thinkMax: options.thinkMax, &random)
        guard let plan else { return .nothingFree }
        visits += 1
        return .visit(
            Visit(
                plan, user: writer.user(ofVisit: plan.number), stadium: options.stadium,
                ttl: options.holdTTL, startingAt: SystemClock.monotonicNow()))
    }

    func asks(_ call: SaleCall) {
        if call.demand == .write { figures.gaps.ask(at: SystemClock.monotonicNow()) }
    }

    func hears(
        _ call: SaleCall, _ answer: SaleAnswer, _ span: Nanoseconds, at now: MonotonicTime
    ) {
        figures.record(call, answer, span)
        if call.demand != .read, answer.isSuccess { figures.gaps.success(at: now) }
        if call.demand == .write { figures.gaps.answer(at: now) }
    }

    /// A visit has other seats than before.
    func moves(_ visit: Visit, from before: [SeatNumber]) {
        let after = visit.seats
        guard before != after else { return }
        for seat in before where !after.contains(seat) {
            pool.giveBack(seat, from: visit.plan.number)
        }
        for seat in after where !before.contains(seat) {
            pool.take(seat, for: visit.plan.number)
        }
        // From here on most answers are refusals, which is no fault of the cluster.
        if pool.count < options.buyers * VisitPlan.seatsMax { figures.gaps.close(at: loop.now) }
    }

    func ends(_ visit: Visit, _ ending: VisitEnding) {
        figures.record(ending)
        ledger.record(ending)
        if case .wrong(let what) = ending {
            findings.add("a buyer was answered wrongly", what)
            if findings.count >= Self.findingsMax { end() }
        }
        if figures.seatsBooked >= options.stadium.seatCount { end() }
    }

    // MARK: the last seats

    /// When nobody has anything in hand and yet seats are missing, the map knows better: an answer
    /// that was lost for good, or a hold that lapsed unseen.
    private func lookForForgottenSeats() {
        guard pool.count == 0, !buyers.contains(where: \.isVisiting), !mapReader.isCalling,
            loop.now >= nextSweepAt
        else { return }
        nextSweepAt = loop.now + Self.sweepInterval
        mapReader.call(.leader) { $0.appendSeatMapRequest(eventID: writer.eventID) }
    }

    private func sweep(_ status: UInt16, _ body: [UInt8]) {
        guard status == 200, let map = SeatMap(body, seatCount: options.stadium.seatCount) else {
            return findings.add("the seat map can't be read", "status \(status)")
        }
        for (seat, state) in map.states.enumerated() where state == .available {
            pool.release(SeatNumber(seat))
        }
        let strangers =
            map.count(.booked)
            - ledger.entries.reduce(0) { sum, entry in
                sum + (entry.standing == .confirmed ? entry.receipt.seats.count : 0)
            }
        if strangers > 0, map.count(.available) == 0, map.count(.held) == 0 {
            findings.add("seats are booked that nobody was promised", "\(strangers) seats")
            end()
        }
    }
}
