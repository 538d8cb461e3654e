import HTTPProtocol
import Primitives
import Testing

@testable import Bench

struct SaleWriterTests {
    private let stadium = Stadium(sections: 2, rowsPerSection: 4, seatsPerRow: 10)

    /// A visit that has its hold.
    private func visit(_ number: Int) -> Visit {
        let seats = [SeatNumber(3), SeatNumber(4)]
        var visit = Visit(
            VisitPlan(number: number, seats: seats, intent: .buy, think: .zero), user: "fan-r-1",
            stadium: stadium, ttl: .seconds(4), startingAt: .zero)
        _ = visit.hear(
            .hold(
                HoldReceipt(
                    holdID: "hold_1", userID: "fan-r-1", seats: seats, status: "held",
                    amount: stadium.price(of: seats))), at: .zero)
        return visit
    }

    private func request(
        _ call: SaleCall, ofVisit number: Int = 6
    ) throws -> (head: RequestHead, body: JSONValue) {
        let key = try #require(AdminKey(file: Array("secret".utf8)))
        let writer = SaleWriter(
            eventID: "evt_1", run: "r", stadium: stadium, key: key, userCount: 5)
        var bytes: [UInt8] = []
        writer.append(call, of: visit(number), to: &bytes)
        var parser = RequestParser(limits: HTTPLimits())
        parser.receive(bytes.span)
        guard case .head(let head) = parser.next(), case .body(let body) = parser.next() else {
            Issue.record("not one request: \(String(decoding: bytes, as: UTF8.self))")
            throw BenchError.system("no request")
        }
        return (head, body.isEmpty ? .null : try JSONValue(parsing: body))
    }

    private func path(_ head: RequestHead) -> String { String(decoding: head.path, as: UTF8.self) }

    @Test func aHoldNamesUserKeyAndSeats() throws {
        let (head, body) = try request(.hold)
        #expect(head.method == .post && path(head) == "/events/evt_1/reservations")
        #expect(body["user_id"]?.text == "fan-r-1")
        #expect(body["client_reservation_id"]?.text == "r-6")
        #expect(body["seat_ids"] == .array([.string("S01-1-4"), .string("S01-1-5")]))
    }

    @Test func eachPaymentOfAVisitHasItsOwnKey() throws {
        let (head, first) = try request(.commit(.declined, attempt: 1))
        let (_, second) = try request(.commit(.visa, attempt: 2))
        #expect(head.method == .post && path(head) == "/reservations/hold_1/commit")
        #expect(first["payment_token"]?.text == "tok_declined")
        #expect(first["idempotency_key"]?.text == "r-6-pay-1")
        #expect(second["idempotency_key"]?.text == "r-6-pay-2")
    }

    @Test func changesOfAHold() throws {
        let (drop, body) = try request(.drop(SeatNumber(4)))
        #expect(drop.method == .patch && path(drop) == "/reservations/hold_1")
        #expect(drop.fields.text("idempotency-key") == "r-6-drop")
        #expect(body["release_seat_ids"] == .array([.string("S01-1-5")]))
        let (release, _) = try request(.release)
        #expect(release.method == .delete && path(release) == "/reservations/hold_1")
        let (read, _) = try request(.readHold)
        #expect(read.method == .get && path(read) == "/reservations/hold_1")
    }

    @Test func onlyTheOrganizersCallCarriesTheKey() throws {
        let (cancel, _) = try request(.cancelOrder("ord_1"))
        #expect(path(cancel) == "/orders/ord_1/cancel")
        #expect(cancel.fields.text("authorization") == "Bearer secret")
        for call in [SaleCall.hold, .commit(.visa, attempt: 1), .release, .readHold] {
            #expect(try request(call).head.fields.text("authorization") == nil)
        }
    }

    @Test func onlyWritesWithoutTheProviderCountForGaps() {
        #expect(SaleCall.hold.demand == .write && SaleCall.release.demand == .write)
        #expect(SaleCall.drop(SeatNumber(0)).demand == .write)
        #expect(SaleCall.cancelOrder("x").demand == .write)
        #expect(SaleCall.commit(.visa, attempt: 1).demand == .payment)
        #expect(SaleCall.readHold.demand == .read)
    }
}
