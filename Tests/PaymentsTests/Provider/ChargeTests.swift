import NodeCore
import HTTPProtocol
import Testing

@testable import Payments

/// Counting money from outside.
struct ChargeTests {
    private func provider() throws -> DiskProvider {
        var provider = try DiskProvider(SharedDisk())
        for (attempt, amount, currency) in [
            ("pay_1", 100, "EUR"), ("pay_2", 200, "USD"), ("pay_3", 300, "EUR"),
        ] as [(String, Int64, String)] {
            let id = try provider.make(attempt, amount: amount, currency: currency)
            _ = try provider.confirm(id, at: .at(0))
        }
        _ = try provider.make("pay_4")
        _ = try provider.cancel(try provider.make("pay_5"))
        _ = try provider.refund(
            NewRefund(refundID: "ref_1", paymentID: "pi_pay_3", amount: 250), reference: "re_1")
        return provider
    }

    private func value(_ response: HTTPResponse) throws -> JSONValue {
        try JSONValue(parsing: response.body)
    }

    @Test func onlyWhatWasCapturedIsACharge() throws {
        let report = try value(ChargeReport.everything(provider().book))
        guard case .array(let charges)? = report["data"] else { throw NeverHappened() }
        #expect(charges.map { $0["attempt_id"]?.text } == ["pay_1", "pay_2", "pay_3"])
        #expect(charges.map { $0["amount"]?.integer } == [100, 200, 300])
        #expect(charges.map { $0["amount_refunded"]?.integer } == [0, 0, 250])
        #expect(charges.allSatisfy { $0["status"]?.text == "succeeded" })
    }

    @Test func totalsAreByCurrency() throws {
        let book = try provider().book
        let expected = """
            {"totals":[{"currency":"EUR","count":2,"amount":400,"amount_refunded":250},\
            {"currency":"USD","count":1,"amount":200,"amount_refunded":0}]}
            """
        #expect(String(decoding: ChargeReport.totals(book).body, as: UTF8.self) == expected)
        #expect(
            try value(ChargeReport.everything(book))["totals"]
                == value(ChargeReport.totals(book))["totals"])
    }

    @Test func oneAttemptHasOneChargeOrNone() throws {
        let book = try provider().book
        let charge = try value(ChargeReport.charge(ofAttempt: "pay_2", book))
        #expect(charge["data"]?[0]?["amount"]?.integer == 200)
        #expect(charge["data"]?[1] == nil)
        for attempt in ["pay_4", "pay_5", "pay_6"] {
            #expect(
                try value(ChargeReport.charge(ofAttempt: attempt, book))["data"] == .array([]))
        }
    }

    @Test func theQueryChooses() throws {
        let directory = try TemporaryDirectory()
        let provider = try ProviderFixture(in: directory)
        for attempt in ["pay_1", "pay_2"] {
            _ = try provider.confirm(try provider.createID(attempt, amount: 100))
        }
        #expect(try provider.charges("?attempt_id=pay_2").map(\.attempt) == ["pay_2"])
        let totals = try provider.call(.get, "/charges?include=totals")
        #expect(totals["totals"]?[0]?["amount"]?.integer == 200)
        #expect(totals["data"] == nil)
        #expect(try provider.call(.get, "/charges?include=everything").status == 400)
        #expect(try provider.call(.get, "/charges?attempt_id=%ZZ").status == 400)
    }

    @Test func thousandsOfChargesAreReported() throws {
        var book = ProviderBook()
        for number in 0..<10_000 {
            let payment = ProviderPayment(
                paymentID: "pi_\(number)", attemptID: "pay_\(number)",
                status: .requiresConfirmation, amount: 4_500, currency: "EUR", amountRefunded: 0)
            book.apply(
                .created(
                    ProviderBook.Payment(
                        shown: payment, token: "tok_visa", createdAt: Moment.at(0).wall)))
            book.apply(.moved(paymentID: payment.paymentID, .succeeded, dueAt: nil))
        }
        let body = ChargeReport.everything(book).body
        #expect(body.count { $0 == UInt8(ascii: "{") } == 10_002)
        #expect(book.totals.map(\.amount) == [45_000_000])
    }
}
