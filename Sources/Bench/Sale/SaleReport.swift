import HTTPProtocol
import Primitives

/// What `holdfast-bench sale` prints.
struct SaleReport: Sendable {
    let stadium: Stadium
    let venueID: String
    let eventID: String
    let figures: SaleFigures
    let tally: CallTally
    let hold: LatencySummary
    let commit: LatencySummary
    let seatsBookedByNode: [Int]
    let seatsInOneOrder: Int
    let ordersConfirmed: Int
    let ordersCancelled: Int
    let charges: Int
    let refunds: Int
    let amountKept: Int64
    let amountOfOrders: Int64
    let findings: Findings

    init(
        _ options: SaleOptions, venueID: String, eventID: String, _ sale: SaleRun,
        _ audit: SaleAudit, _ tally: CallTally
    ) {
        stadium = options.stadium
        self.venueID = venueID
        self.eventID = eventID
        figures = sale.figures
        self.tally = tally
        hold = LatencySummary(sale.figures.holdLatency)
        commit = LatencySummary(sale.figures.commitLatency)
        seatsBookedByNode = audit.seatsBookedByNode
        seatsInOneOrder = audit.orders.seatsInOneOrder
        ordersConfirmed = audit.orders.orderCount(.confirmed)
        ordersCancelled = audit.orders.orderCount(.cancelled)
        charges = audit.charges?.charges ?? 0
        refunds = audit.charges?.refunds ?? 0
        amountKept = audit.charges?.amountKept ?? 0
        amountOfOrders = audit.charges?.amountOfOrders ?? 0
        var findings = sale.findings
        findings.add(audit.findings)
        self.findings = findings
    }

    var span: Nanoseconds { Nanoseconds(from: figures.startedAt, to: figures.endedAt) }
    var holdsPerSecond: Int { rate(figures.holdsAccepted, in: span) }
    /// Whether the cluster kept every promise.
    var isClean: Bool { findings.isEmpty }

    /// For people.
    var text: String {
        let maps = seatsBookedByNode.map(grouped).joined(separator: ", ")
        return """
            sold             \(grouped(figures.seatsBooked)) of \(grouped(stadium.seatCount)) \
            seats in \(span.secondsText) s, \(stadium.sections) sections
            holds            \(grouped(figures.holdsAccepted)) accepted \
            (\(grouped(holdsPerSecond)) a second), \(grouped(figures.holdsRefused)) refused, \
            \(grouped(figures.holdsReleased)) given back, \(grouped(figures.holdsLapsed)) lapsed
            payments         \(grouped(figures.paymentsDeclined)) declined, \
            \(grouped(figures.paymentsPending)) answered late
            hold (ms)        \(hold.text)
            commit (ms)      \(commit.text)
            longest gap      \(figures.gaps.longest.millisecondsText) ms without a successful write
            retries          \(tally.text)
            seat maps        \(maps) booked, node by node
            orders           \(grouped(ordersConfirmed)) confirmed, \
            \(grouped(ordersCancelled)) cancelled; \
            \(grouped(seatsInOneOrder)) seats in exactly one confirmed order
            charges          \(grouped(charges)), of which \(grouped(refunds)) refunded; \
            \(amountText(amountKept)) kept, orders cost \(amountText(amountOfOrders))
            \(findings.text)
            """
    }

    /// For programs: one line.
    var json: String {
        var bytes: [UInt8] = []
        bytes.appendJSONObject { report in
            report.field("venue_id", venueID)
            report.field("event_id", eventID)
            report.field("seats", stadium.seatCount)
            report.field("seats_sold", figures.seatsBooked)
            report.field("seats_in_one_order", seatsInOneOrder)
            report.field("duration_us", span.microseconds)
            report.field("holds_accepted", figures.holdsAccepted)
            report.field("holds_refused", figures.holdsRefused)
            report.field("holds_released", figures.holdsReleased)
            report.field("holds_lapsed", figures.holdsLapsed)
            report.field("seats_dropped", figures.seatsDropped)
            report.field("holds_per_second", holdsPerSecond)
            report.field("payments_declined", figures.paymentsDeclined)
            report.field("payments_late", figures.paymentsPending)
            report.object("hold_latency_us") { hold.write(to: &$0) }
            report.object("commit_latency_us") { commit.write(to: &$0) }
            report.field("longest_gap_us", figures.gaps.longest.microseconds)
            report.object("retries") { tally.write(to: &$0) }
            report.field("orders_confirmed", ordersConfirmed)
            report.field("orders_cancelled", ordersCancelled)
            report.field("charges", charges)
            report.field("refunds", refunds)
            report.field("amount_kept", amountKept)
            report.field("amount_of_orders", amountOfOrders)
            report.field("findings", findings.count)
            report.array("off") { array in
                for kind in findings.kinds {
                    array.object { object in
                        object.field("title", kind.title)
                        object.field("count", kind.count)
                        object.array("examples") { array in
                            for example in kind.examples { array.element(example) }
                        }
                    }
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    /// Minor units as major ones.
    private func amountText(_ amount: Int64) -> String {
        "EUR " + decimal(Int(amount), unit: 100, places: 2)
    }
}
