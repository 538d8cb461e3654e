import HTTPProtocol
import Testing

@testable import Bench

/// A sale of four seats in two orders, and one order that was cancelled.
private struct Sold {
    let stadium = Stadium(sections: 1, rowsPerSection: 1, seatsPerRow: 4)
    var shown: [OrderReceipt] = []
    var ledger = SaleLedger()

    init() {
        record("ord_1", [0, 1], cancelled: false)
        record("ord_2", [2], cancelled: true)
        record("ord_3", [2, 3], cancelled: false)
    }

    private mutating func record(_ id: String, _ seats: [Int], cancelled: Bool) {
        let seats = seats.map(SeatNumber.init)
        let amount = stadium.price(of: seats)
        var receipt = OrderReceipt(
            orderID: id, holdID: "hold-of-\(id)", userID: "fan", seats: seats,
            status: "confirmed", amount: amount, payments: [])
        ledger.record(cancelled ? .returned(receipt) : .booked(receipt))
        receipt.status = cancelled ? "cancelled" : "confirmed"
        receipt.payments = [
            OrderReceipt.Payment(paymentID: "pay-0", status: "declined", amount: amount),
            OrderReceipt.Payment(paymentID: "pay-of-\(id)", status: "succeeded", amount: amount),
        ]
        shown.append(receipt)
    }

    /// What the audit says of the orders as they are shown now.
    func audit(lists: [OrderReceipt]? = nil) -> OrderAudit {
        var audit = OrderAudit(ledger, stadium)
        for place in ledger.entries.indices { audit.check(place, shown[place]) }
        audit.checkList(of: "fan", lists ?? shown)
        audit.finish()
        return audit
    }

    var charges: [Charge] {
        shown.map { order in
            Charge(
                attemptID: "pay-of-\(order.orderID)", amount: order.amount,
                amountRefunded: order.status == "cancelled" ? order.amount : 0)
        }
    }
}

struct OrderAuditTests {
    private func titles(_ audit: OrderAudit) -> [String] { audit.findings.kinds.map(\.title) }

    @Test func aKeptPromiseHasNoFindings() {
        let audit = Sold().audit()
        #expect(audit.findings.isEmpty)
        #expect(audit.seatsInOneOrder == 4)
        #expect(audit.orderCount(.confirmed) == 2 && audit.orderCount(.cancelled) == 1)
        #expect(audit.paid.map(\.paymentID) == ["pay-of-ord_1", "pay-of-ord_2", "pay-of-ord_3"])
    }

    @Test func everyFieldOfAnOrderIsCompared() {
        let changes: [(inout OrderReceipt) -> Void] = [
            { $0.orderID = "ord_9" }, { $0.holdID = "hold_9" }, { $0.userID = "another" },
            { $0.seats = [SeatNumber(1), SeatNumber(0)] }, { $0.amount += 1 },
            { $0.status = "cancelled" },
        ]
        for change in changes {
            var sold = Sold()
            change(&sold.shown[0])
            let audit = sold.audit(lists: Sold().shown)
            #expect(titles(audit).first == "an order differs from its acknowledgement")
            #expect(titles(audit).last == "a seat is not in exactly one confirmed order")
        }
    }

    @Test func anOrderThatIsGone() {
        let sold = Sold()
        var audit = OrderAudit(sold.ledger, sold.stadium)
        audit.check(0, nil)
        #expect(titles(audit) == ["an acknowledged order is not there"])
    }

    @Test func anOrderIsPaidExactlyOnce() {
        var twice = Sold()
        twice.shown[0].payments[0].status = "succeeded"
        #expect(titles(twice.audit()) == ["an order is not paid once"])
        var never = Sold()
        never.shown[0].payments.removeLast()
        #expect(titles(never.audit()) == ["an order is not paid once"])
        var otherwise = Sold()
        otherwise.shown[0].payments[1].amount -= 1
        #expect(titles(otherwise.audit()) == ["an order is not paid once"])
    }

    @Test func aSeatInTwoOrders() {
        var sold = Sold()
        let second = OrderReceipt(
            orderID: "ord_4", holdID: "hold_4", userID: "fan", seats: [SeatNumber(1)],
            status: "confirmed", amount: sold.stadium.price(of: SeatNumber(1)),
            payments: [
                OrderReceipt.Payment(
                    paymentID: "pay_4", status: "succeeded",
                    amount: sold.stadium.price(of: SeatNumber(1)))
            ])
        sold.ledger.record(.booked(second))
        sold.shown.append(second)
        let audit = sold.audit()
        #expect(titles(audit) == ["a seat is not in exactly one confirmed order"])
        #expect(audit.findings.kinds[0].examples == ["S01-1-2: 2 orders"])
        #expect(audit.seatsInOneOrder == 3)
    }

    @Test func anOrderThatNobodyWasPromised() {
        let sold = Sold()
        var stranger = sold.shown[0]
        stranger.orderID = "ord_9"
        #expect(
            titles(sold.audit(lists: sold.shown + [stranger]))
                == ["an order was never acknowledged"])
        // One that failed was never anybody's.
        stranger.status = "failed"
        #expect(sold.audit(lists: sold.shown + [stranger]).findings.isEmpty)
    }

    @Test func everyOrderIsOnceInTheListOfItsUser() {
        let sold = Sold()
        let missing = sold.audit(lists: Array(sold.shown.dropLast()))
        #expect(titles(missing) == ["an order is not once in its user's list"])
        let twice = sold.audit(lists: sold.shown + [sold.shown[0]])
        #expect(titles(twice) == ["an order is not once in its user's list"])
        var foreign = sold.shown
        foreign[1].userID = "another"
        #expect(titles(sold.audit(lists: foreign)) == ["a user's list has another's order"])
    }

    @Test func anOrderThatWasAcknowledgedTwice() {
        var sold = Sold()
        sold.ledger.record(.booked(sold.ledger.entries[0].receipt))
        #expect(
            titles(OrderAudit(sold.ledger, sold.stadium)) == ["an order was acknowledged twice"])
    }
}

struct ChargeAuditTests {
    private let sold = Sold()

    private func audit(_ charges: [Charge]) -> ChargeAudit {
        ChargeAudit(sold.audit().paid, charges)
    }

    private func titles(_ charges: [Charge]) -> [String] {
        audit(charges).findings.kinds.map(\.title)
    }

    @Test func chargesThatMatchTheOrders() {
        let audit = audit(sold.charges)
        #expect(audit.findings.isEmpty)
        #expect(audit.charges == 3 && audit.refunds == 1)
        #expect(audit.amountKept == audit.amountOfOrders)
        #expect(audit.amountKept == sold.shown[0].amount + sold.shown[2].amount)
    }

    @Test func anOrderThatWasNotCharged() {
        #expect(
            titles(Array(sold.charges.dropFirst()))
                == [
                    "the money kept is not what the orders cost", "an order was never charged",
                ].reversed())
    }

    @Test func anAttemptThatWasChargedTwice() {
        #expect(titles(sold.charges + [sold.charges[0]]).first == "an attempt was charged twice")
    }

    @Test func anotherAmount() {
        var charges = sold.charges
        charges[0].amount += 100
        #expect(titles(charges).first == "a charge differs from its order")
    }

    @Test func aRefundThatIsStillDue() {
        var charges = sold.charges
        charges[1].amountRefunded = 0
        #expect(
            titles(charges) == [
                "a charge differs from its order", "the money kept is not what the orders cost",
            ])
    }

    @Test func aRefundThatNobodyAskedFor() {
        var charges = sold.charges
        charges[0].amountRefunded = charges[0].amount
        #expect(titles(charges).first == "a charge differs from its order")
    }

    @Test func moneyForNothingMustGoBack() {
        var stray = Charge(attemptID: "pay-9", amount: 900, amountRefunded: 900)
        #expect(titles(sold.charges + [stray]).isEmpty)
        stray.amountRefunded = 899
        #expect(
            titles(sold.charges + [stray]) == [
                "money was kept for no order", "the money kept is not what the orders cost",
            ])
    }

    @Test func chargesAreReadFromTheProvidersList() throws {
        let text = """
            {"data":[{"payment_id":"pi_1","attempt_id":"pay_1","status":"succeeded",\
            "amount":3500,"currency":"EUR","amount_refunded":0},{"payment_id":"pi_2",\
            "attempt_id":"pay_2","status":"succeeded","amount":7000,"currency":"EUR",\
            "amount_refunded":7000}]}
            """
        #expect(
            try Charge.list(Array(text.utf8)) == [
                Charge(attemptID: "pay_1", amount: 3_500, amountRefunded: 0),
                Charge(attemptID: "pay_2", amount: 7_000, amountRefunded: 7_000),
            ])
        #expect(throws: JSONError.self) {
            try Charge.list(Array("{\"data\":[{\"attempt_id\":\"pay_1\"}]}".utf8))
        }
    }
}
