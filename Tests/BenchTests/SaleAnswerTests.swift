import HTTPProtocol
import Testing

@testable import Bench

struct SaleAnswerTests {
    private let stadium = Stadium(sections: 2, rowsPerSection: 4, seatsPerRow: 10)

    private let hold = """
        {"hold_id":"hold_1","event_id":"evt_1","user_id":"fan","client_reservation_id":"k",\
        "seat_ids":["S01-1-4","S02-1-1"],"status":"held","created_at":"2026-11-22T10:15:30.123Z",\
        "expires_at":"2026-11-22T10:15:34.123Z","ttl_seconds":4,"amount":7125,"currency":"EUR",\
        "revision":3}
        """

    private let order = """
        {"order_id":"ord_1","hold_id":"hold_1","event_id":"evt_1","user_id":"fan",\
        "seat_ids":["S01-1-4"],"status":"confirmed","amount":3500,"currency":"EUR",\
        "confirmed_at":"2026-11-22T10:15:31.000Z",\
        "payment":{"payment_id":"pay_1","provider":"simulated","status":"succeeded"},\
        "payments":[{"payment_id":"pay_0","provider":"simulated","status":"declined",\
        "amount":3500,"created_at":"x"},{"payment_id":"pay_1","provider":"simulated",\
        "status":"succeeded","amount":3500,"created_at":"x"}]}
        """

    private func answer(_ status: UInt16, _ body: String, _ form: SaleAnswer.Form) -> SaleAnswer {
        SaleAnswer(status, Array(body.utf8), form, stadium)
    }

    @Test(arguments: [200, 201] as [UInt16])
    func aHoldIsRead(status: UInt16) {
        let receipt = HoldReceipt(
            holdID: "hold_1", userID: "fan", seats: [SeatNumber(3), SeatNumber(40)],
            status: "held", amount: 7_125)
        #expect(answer(status, hold, .hold) == .hold(receipt))
    }

    @Test(arguments: [200, 202] as [UInt16])
    func anOrderIsReadWithItsPayments(status: UInt16) throws {
        guard case .order(let receipt) = answer(status, order, .order) else {
            Issue.record("no order")
            return
        }
        #expect(receipt.orderID == "ord_1" && receipt.seats == [SeatNumber(3)])
        #expect(receipt.payments.map(\.status) == ["declined", "succeeded"])
        let list = try OrderReceipt.list(
            Array("{\"data\":[\(order),\(order)],\"next_cursor\":null,\"has_more\":false}".utf8),
            stadium)
        #expect(list == [receipt, receipt])
    }

    @Test func aProblemIsItsStatusAndCode() {
        let body = #"{"type":"urn:x","status":409,"code":"seats_unavailable","conflicts":[]}"#
        #expect(
            answer(409, body, .hold) == .problem(status: 409, code: "seats_unavailable"))
        #expect(answer(204, "", .hold) == .done)
    }

    @Test(
        arguments: [
            (200, ""), (200, "{}"), (201, "[1]"), (409, "{}"), (500, "oops"), (302, "{}"),
        ] as [(UInt16, String)])
    func anythingElseIsUnreadable(status: UInt16, body: String) {
        #expect(answer(status, body, .hold) == .unreadable(status: status))
    }

    @Test func aSeatOfAnotherHallIsNoSeatOfOurs() {
        let body = hold.replacing("S02-1-1", with: "STALLS-A-1")
        guard case .hold(let receipt) = answer(201, body, .hold) else {
            Issue.record("no hold")
            return
        }
        #expect(receipt.seats == [SeatNumber(3), SeatNumber(stadium.seatCount)])
    }

    @Test func aSeatMapIsTwoBitsASeat() throws {
        // Seats 0…4: available, held, booked, blocked, booked.
        let bytes: [UInt8] = [9, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0b1110_0100, 0b10]
        let map = try #require(SeatMap(bytes, seatCount: 5))
        #expect(map.states == [.available, .held, .booked, .blocked, .booked])
        #expect(map.count(.booked) == 2)
        #expect(SeatMap(bytes, seatCount: 6) == nil)
        #expect(SeatMap(Array(bytes.dropLast()), seatCount: 5) == nil)
        #expect(SeatMap([], seatCount: 0) == nil)
    }
}
