import Primitives
import SystemIO

/// After the sale: counts everything again, through the API of every node and at the provider.
final class SaleAudit {
    private let loop: EventLoop
    private let nodes: ClusterNodes
    private let options: SaleOptions
    private let writer: SaleWriter
    private let progress: Progress
    private let deadline: MonotonicTime

    private(set) var findings = Findings()
    private(set) var seatsBookedByNode: [Int] = []
    private(set) var orders: OrderAudit
    private(set) var charges: ChargeAudit?

    private static var readersMax: Int { 64 }

    init(
        loop: EventLoop, nodes: ClusterNodes, options: SaleOptions, writer: SaleWriter,
        ledger: SaleLedger, progress: Progress, deadline: MonotonicTime
    ) {
        self.loop = loop
        self.nodes = nodes
        self.options = options
        self.writer = writer
        self.progress = progress
        self.deadline = deadline
        orders = OrderAudit(ledger, options.stadium)
    }

    /// Looks at everything; what is off is in `findings`.
    /// - Parameter earlier: attempts that were charged before the sale: another's.
    func run(
        _ ledger: SaleLedger, exceptCharges earlier: Set<String>
    ) throws(BenchError) {
        try readSeatMaps()
        readOrders(ledger)
        readUsers()
        orders.finish()
        findings.add(orders.findings)
        try readCharges(except: earlier)
    }

    private func readSeatMaps() throws(BenchError) {
        let clerk = Clerk(loop: loop, nodes: nodes)
        for place in nodes.places {
            let name = "node at \(nodes.address(of: place))"
            progress.show("reading the seat map of the \(name)")
            let answer = try clerk.perform("the seat map of the \(name)", .node(place)) {
                $0.appendSeatMapRequest(eventID: writer.eventID)
            }
            let map = SeatMap(answer.body, seatCount: options.stadium.seatCount)
            let booked = answer.status == 200 ? map?.count(.booked) ?? 0 : 0
            seatsBookedByNode.append(booked)
            if booked != options.stadium.seatCount {
                findings.add("a seat map is not all booked", "\(name): \(booked) seats are")
            }
        }
    }

    private func readOrders(_ ledger: SaleLedger) {
        let entries = ledger.entries
        read(entries.count, "orders") { place, bytes in
            bytes.appendRequest("GET", "/orders/\(entries[place].receipt.orderID)")
        } with: { place, status, body in
            orders.check(
                place, status == 200 ? try? OrderReceipt(body, options.stadium) : nil)
        }
    }

    private func readUsers() {
        read(options.userCount, "orders by user") { number, bytes in
            bytes.appendRequest("GET", "/users/\(writer.user(number))/orders", key: writer.key)
        } with: { number, status, body in
            guard status == 200, let list = try? OrderReceipt.list(body, options.stadium) else {
                return findings.add("a user's orders can't be read", "status \(status)")
            }
            orders.checkList(of: writer.user(number), list)
        }
    }

    private func read(
        _ count: Int, _ what: String, write: (Int, inout [UInt8]) -> Void,
        with read: (Int, UInt16, [UInt8]) -> Void
    ) {
        let round = ReadRound(
            loop: loop, nodes: nodes, callers: min(options.buyers, Self.readersMax))
        round.run(
            count, until: deadline, progress: progress, "reading \(what)", write: write,
            read: read)
        if round.finished < count {
            findings.add("the audit did not end in time", "\(what): \(round.finished) of \(count)")
        }
    }

    private func readCharges(except earlier: Set<String>) throws(BenchError) {
        let refundsEnd = SystemClock.monotonicNow() + options.refundsLimit
        while true {
            let list = try Charge.list(loop, options.provider)
            let audit = ChargeAudit(
                orders.paid, list.filter { !earlier.contains($0.attemptID) })
            charges = audit
            guard !audit.findings.isEmpty, loop.now < refundsEnd else {
                return findings.add(audit.findings)
            }
            progress.show("waiting for refunds: \(audit.refunds) of \(audit.charges) charges")
            let again = loop.now + .seconds(1)
            while loop.now < again { loop.turn(waitingAtMost: Milliseconds(100)) }
        }
    }
}
