import Primitives
import SystemIO

/// Asks for holds as fast as the cluster answers: each connection sends its next request when it
/// has the answer to the last one.
final class HoldsRun {
    private enum Phase {
        /// → measuring
        case warmingUp
        /// → draining
        case measuring
        /// Nothing new is asked for.
        case draining
    }

    private let loop: EventLoop
    private let nodes: ClusterNodes
    private let options: HoldsOptions
    private let progress: Progress
    private var callers: [Caller] = []
    private var supply: HoldSupply
    private var writer: HoldWriter
    private var phase = Phase.warmingUp
    private var figures = HoldFigures()
    private var startedAt = MonotonicTime.zero
    private var cpuAtStart: UInt64 = 0
    private var watchedAtStart: [Nanoseconds?] = []

    private static var drainLimit: Milliseconds { .seconds(20) }

    /// - Parameter run: makes the keys of this run different from those of any other.
    init(
        loop: EventLoop, nodes: ClusterNodes, options: HoldsOptions, eventIDs: [String],
        run: String, progress: Progress
    ) {
        self.loop = loop
        self.nodes = nodes
        self.options = options
        self.progress = progress
        supply = HoldSupply(eventIDs: eventIDs)
        writer = HoldWriter(eventIDs: eventIDs, run: run)
    }

    /// Creates the seats that are to be held, and returns the ids of their events.
    static func prepare(
        loop: EventLoop, nodes: ClusterNodes, options: HoldsOptions, key: AdminKey,
        run: String, progress: Progress
    ) throws(BenchError) -> [String] {
        let clerk = Clerk(loop: loop, nodes: nodes)
        let venue = try clerk.create(
            "/venues", "venue_id", key: key, idempotencyKey: "\(run)-venue",
            body: HoldSupply.stadium.venueBody(name: "Load Arena \(run)"))
        let count = HoldSupply.eventsNeeded(holds: options.holdsMax)
        let startsAt = SystemClock.wallNow() + .seconds(30 * 86_400)
        var eventIDs: [String] = []
        for number in 1...count {
            progress.show("creating events: \(number) of \(count)")
            let body = HoldSupply.stadium.eventBody(
                name: "Load \(run) \(number)", venueID: venue, startsAt: startsAt,
                holdTTLSeconds: 600...900)
            eventIDs.append(
                try clerk.create(
                    "/events", "event_id", key: key,
                    idempotencyKey: "\(run)-event-\(number)", body: body))
        }
        // Their rows are work that the measurement should not find waiting.
        progress.show("writing their rows")
        for place in nodes.places {
            _ = try clerk.perform("POST /cluster/flush", .node(place)) {
                $0.appendRequest("POST", "/cluster/flush", key: key, body: [])
            }
        }
        return eventIDs
    }

    /// Runs to the end and reports.
    func run() -> HoldsReport {
        for _ in 0..<options.connections {
            let caller = Caller(loop: loop, nodes: nodes)
            caller.handler = { [unowned self, unowned caller] status, _ in
                answered(status, caller)
            }
            callers.append(caller)
        }
        startedAt = SystemClock.monotonicNow()
        switch options.length {
        case .holds:
            startMeasuring()
        case .seconds(let seconds):
            loop.schedule(after: .seconds(Int64(HoldsOptions.warmUpSeconds))) { [unowned self] in
                startMeasuring()
                loop.schedule(after: .seconds(Int64(seconds))) { [unowned self] in
                    stopMeasuring()
                }
            }
        }
        for caller in callers { ask(caller) }
        while callers.contains(where: \.isCalling), !drainIsLate {
            loop.turn(waitingAtMost: Milliseconds(100))
            progress.tick { "\(grouped($0.perSecond(Int(figures.accepted)))) holds/s" }
        }
        stopMeasuring()
        figures.unanswered = callers.count { $0.isCalling }
        for caller in callers { caller.abandon() }
        return HoldsReport(
            figures: figures, connections: options.connections, tally: nodes.tally)
    }

    private var drainIsLate: Bool {
        guard case .draining = phase else { return false }
        return figures.endedAt + Self.drainLimit < loop.now
    }

    private func startMeasuring() {
        guard case .warmingUp = phase else { return }
        phase = .measuring
        figures = HoldFigures()
        nodes.tally = CallTally()
        figures.startedAt = SystemClock.monotonicNow()
        cpuAtStart = ProcessUsage.processCPUNanoseconds()
        watchedAtStart = options.watched.map(\.processorTime)
    }

    private func stopMeasuring() {
        guard case .measuring = phase else { return }
        phase = .draining
        figures.endedAt = SystemClock.monotonicNow()
        figures.generatorCPU = Nanoseconds(ProcessUsage.processCPUNanoseconds() - cpuAtStart)
        for (process, start) in zip(options.watched, watchedAtStart) {
            guard let start, let end = process.processorTime else { continue }
            figures.watched.append((process, Nanoseconds(end.rawValue - start.rawValue)))
        }
    }

    private func ask(_ caller: Caller) {
        if case .draining = phase { return }
        let number = supply.taken
        guard number < options.holdsMax, let next = supply.next() else {
            // Out of seats, which ends a timed run early; a counted one ends with its last answer.
            if case .seconds = options.length { stopMeasuring() }
            return
        }
        caller.call(.leader) {
            writer.append(number: number, event: next.event, seat: next.seat, to: &$0)
        }
    }

    private func answered(_ status: UInt16, _ caller: Caller) {
        if case .measuring = phase {
            figures.record(
                status, Nanoseconds(from: caller.startedAt, to: SystemClock.monotonicNow()))
        }
        ask(caller)
    }
}
