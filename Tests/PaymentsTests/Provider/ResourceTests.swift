import Glibc
import HTTPProtocol
import Primitives
import SystemIO
import Testing

/// The provider's resources: what is there, by which method, and what a bad request is told.
struct ResourceTests {
    let directory: TemporaryDirectory
    let provider: ProviderFixture

    init() throws {
        directory = try TemporaryDirectory()
        provider = try ProviderFixture(in: directory)
    }

    @Test func itSaysThatItIsAlive() throws {
        #expect(try provider.call(.get, "/healthz").status == 200)
        #expect(try provider.call(.get, "/healthz?probe=1").status == 200)
    }

    @Test(arguments: [
        "/", "/charge", "/charges/", "//charges", "/v1", "/v1/payments/", "/v1/payments/pi_1",
        "/v1/payments/pi_1/explode", "/v1/payments/pi_1/confirm/now", "/v2/payments",
        "/healthz/deep",
    ])
    func anUnknownPathIs404(path: String) throws {
        #expect(try provider.call(.get, path).status == 404)
        #expect(try provider.call(.post, path, "{}").status == 404)
    }

    @Test(arguments: [
        (HTTPMethod.post, "/healthz"), (.post, "/charges"), (.delete, "/v1/payments"),
        (.get, "/v1/refunds"), (.get, "/v1/payments/pi_1/confirm"),
        (.put, "/v1/payments/pi_1/cancel"),
    ])
    func aWrongMethodIs405(method: HTTPMethod, path: String) throws {
        #expect(try provider.call(method, path).status == 405)
    }

    @Test func headersAloneMayBeAskedFor() throws {
        #expect(try provider.call(.head, "/healthz").status == 200)
    }

    @Test(arguments: [
        "", "{", "[]", "7", "{\"attempt_id\":\"a\"}",
        "{\"attempt_id\":\"a\",\"amount\":-1,\"currency\":\"EUR\",\"token\":\"t\"}",
        "{\"attempt_id\":\"a\",\"amount\":1.5,\"currency\":\"EUR\",\"token\":\"t\"}",
        "{\"attempt_id\":\"a\",\"amount\":\"1\",\"currency\":\"EUR\",\"token\":\"t\"}",
        "{\"attempt_id\":\"\",\"amount\":1,\"currency\":\"EUR\",\"token\":\"t\"}",
        "{\"attempt_id\":\"a\",\"amount\":1,\"currency\":\"EURO\",\"token\":\"t\"}",
        "{\"attempt_id\":\"a\",\"amount\":1,\"currency\":\"EUR\",\"token\":\"t\"} x",
        "{\"attempt_id\":\"a\",\"attempt_id\":\"b\",\"amount\":1,\"currency\":\"EUR\"}",
    ])
    func aBadBodyIs400AndMakesNothing(body: String) throws {
        #expect(try provider.call(.post, "/v1/payments", body).status == 400)
        #expect(try provider.call(.post, "/v1/refunds", body).status == 400)
        #expect(try provider.fetch("a").status == 404)
    }

    @Test func idsAndTokensAreBounded() throws {
        let long = String(repeating: "a", count: 300)
        #expect(try provider.create(long).status == 400)
        #expect(try provider.create("pay_1", token: long).status == 400)
        let id = try provider.createID("pay_2")
        _ = try provider.confirm(id)
        #expect(try provider.refund(long, of: id, amount: 1).status == 400)
    }

    @Test func aLongBodyIs413() throws {
        let padding = String(repeating: " ", count: 20_000)
        #expect(try provider.call(.post, "/v1/payments", padding).status == 413)
    }

    @Test func unknownPaymentsAre404() throws {
        #expect(try provider.fetch("pay_9").status == 404)
        #expect(try provider.confirm("pi_9").status == 404)
        #expect(try provider.cancel("pi_9").status == 404)
        #expect(try provider.refund("ref_1", of: "pi_9", amount: 1).status == 404)
    }

    @Test func aSearchNamesOneAttempt() throws {
        _ = try provider.create("pay_1")
        #expect(try provider.call(.get, "/v1/payments").status == 400)
        #expect(try provider.call(.get, "/v1/payments?attempt=pay_1").status == 400)
        #expect(try provider.call(.get, "/v1/payments?attempt_id=%ZZ").status == 400)
        #expect(
            try provider.call(.get, "/v1/payments?attempt_id=pay_1&attempt_id=pay_1").status == 400)
        #expect(try provider.call(.get, "/v1/payments?x=1&attempt_id=pay%5F1").status == 200)
    }

    /// More than one connection's pipeline takes: what is read while answers are sent must not
    /// wait for something else to happen.
    @Test func aLongPipelineIsAnsweredWithoutAPause() throws {
        let socket = try StreamSocket.connect(to: provider.address)
        var output = OutputBuffer(byteLimit: 1 << 20)
        let count = 2_000
        let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        output.append(Array(String(repeating: request, count: count).utf8))
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let start = SystemClock.monotonicNow()
        var answers = 0
        try provider.turn {
            _ = try? output.flush(to: socket)
            while case .bytes(let more)? = try? socket.receive(into: &buffer) {
                received += buffer[..<more]
            }
            answers =
                String(decoding: received, as: UTF8.self)
                .split(separator: "HTTP/1.1 200", omittingEmptySubsequences: false).count - 1
            return answers == count
        }
        #expect(answers == count)
        // Each pause of the loop would be a second.
        #expect(SystemClock.monotonicNow().milliseconds(since: start) < .seconds(1))
    }
}
