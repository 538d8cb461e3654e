import HTTPProtocol
import Testing

@testable import Bench

struct RequestBytesTests {
    /// Reads requests with the server's own parser.
    private func parse(_ bytes: [UInt8]) -> (head: RequestHead, body: [UInt8])? {
        var parser = RequestParser(limits: HTTPLimits())
        parser.receive(bytes.span)
        guard case .head(let head) = parser.next(), case .body(let body) = parser.next(),
            case .needsMoreBytes = parser.next()
        else { return nil }
        return (head, body)
    }

    @Test func aRequestWithoutABody() throws {
        var bytes: [UInt8] = []
        bytes.appendRequest("DELETE", "/reservations/hold_1")
        let request = try #require(parse(bytes))
        #expect(request.head.method == .delete)
        #expect(String(decoding: request.head.path, as: UTF8.self) == "/reservations/hold_1")
        #expect(request.head.persistence == .keepAlive)
        #expect(request.body.isEmpty)
    }

    @Test func aRequestWithABodyAndKeys() throws {
        let key = try #require(AdminKey(file: Array("secret\n".utf8)))
        var bytes: [UInt8] = []
        bytes.appendRequest(
            "POST", "/venues", key: key, idempotencyKey: "k-1", body: Array("{\"name\":\"ü\"}".utf8)
        )
        let request = try #require(parse(bytes))
        #expect(request.head.fields.text("authorization") == "Bearer secret")
        #expect(request.head.fields.text("idempotency-key") == "k-1")
        #expect(request.head.fields.text("content-type") == "application/json")
        #expect(request.body == Array("{\"name\":\"ü\"}".utf8))
    }

    @Test func aHoldIsAWholeRequest() throws {
        var writer = HoldWriter(eventIDs: ["evt_1", "evt_2"], run: "run")
        var bytes: [UInt8] = []
        writer.append(number: 12, event: 1, seat: SeatNumber(48), to: &bytes)
        let request = try #require(parse(bytes))
        #expect(
            String(decoding: request.head.path, as: UTF8.self) == "/events/evt_2/reservations")
        let body = try JSONValue(parsing: request.body)
        #expect(body["client_reservation_id"]?.text == "run-12")
        #expect(body["user_id"]?.text == "run-12")
        #expect(body["seat_ids"] == .array([.string("S01-1-49"), .string("S01-1-50")]))
    }

    @Test(arguments: [0, 7, 10, 99, 100, 1_234_567_890])
    func numbersAreDecimal(number: Int) {
        var bytes: [UInt8] = []
        bytes.appendDecimal(number)
        #expect(String(decoding: bytes, as: UTF8.self) == String(number))
    }

    @Test func aKeyIsTheFirstLineOfItsFile() {
        #expect(AdminKey(file: Array("abc\r\nmore".utf8))?.text == "abc")
        #expect(AdminKey(file: []) == nil)
        #expect(AdminKey(file: Array("\nabc".utf8)) == nil)
        #expect(AdminKey(file: Array("a b\n".utf8)) == nil)
    }
}
