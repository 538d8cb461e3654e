import HTTPProtocol
import Testing

/// Create, confirm, cancel and refund as a client of the provider sees them.
struct PaymentTests {
    let directory: TemporaryDirectory
    let provider: ProviderFixture

    init() throws {
        directory = try TemporaryDirectory()
        provider = try ProviderFixture(in: directory)
    }

    @Test func aConfirmedPaymentIsACharge() throws {
        let id = try provider.createID("pay_1", amount: 700)
        #expect(try provider.charges().isEmpty)
        #expect(try provider.confirm(id)["status"]?.text == "succeeded")
        #expect(
            try provider.charges() == [Charge(attempt: "pay_1", amount: 700, refunded: 0)])
    }

    @Test func creatingTwiceFindsTheFirst() throws {
        let first = try provider.create("pay_1")
        #expect(first.status == 200)
        #expect(first["status"]?.text == "requires_confirmation")
        #expect(try provider.create("pay_1") == first)
        _ = try provider.confirm(try provider.createID("pay_1"))
        #expect(try provider.create("pay_1")["status"]?.text == "succeeded")
        #expect(try provider.charges().count == 1)
    }

    @Test func theSameAttemptWithAnotherAmountIsRefused() throws {
        _ = try provider.create("pay_1", amount: 700)
        #expect(try provider.create("pay_1", amount: 701).status == 422)
        #expect(try provider.fetch("pay_1")["amount"]?.integer == 700)
    }

    @Test func confirmingAgainChargesOnce() throws {
        let id = try provider.createID("pay_1")
        let first = try provider.confirm(id)
        #expect(try provider.confirm(id) == first)
        #expect(try provider.charges().count == 1)
    }

    @Test func aDeclinedPaymentStaysDeclined() throws {
        let id = try provider.createID("pay_1", token: "tok_declined")
        #expect(try provider.confirm(id)["status"]?.text == "declined")
        #expect(try provider.cancel(id)["status"]?.text == "declined")
        #expect(try provider.confirm(id)["status"]?.text == "declined")
        #expect(try provider.charges().isEmpty)
    }

    @Test func whatIsCancelledFirstNeverSucceeds() throws {
        let id = try provider.createID("pay_1")
        #expect(try provider.cancel(id)["status"]?.text == "cancelled")
        #expect(try provider.confirm(id)["status"]?.text == "cancelled")
        #expect(try provider.charges().isEmpty)
    }

    @Test func whatHasSucceededIsNotCancelled() throws {
        let id = try provider.createID("pay_1")
        _ = try provider.confirm(id)
        #expect(try provider.cancel(id)["status"]?.text == "succeeded")
        #expect(try provider.charges().count == 1)
    }

    @Test func aLatePaymentIsAnsweredOnceItSucceeds() throws {
        let id = try provider.createID("pay_1", token: "tok_slow_40")
        #expect(try provider.confirm(id)["status"]?.text == "succeeded")
        #expect(try provider.charges().count == 1)
    }

    @Test func allWhoConfirmALatePaymentAreAnswered() throws {
        let id = try provider.createID("pay_1", token: "tok_slow_60")
        var replies: [Reply] = []
        for _ in 0..<3 {
            try provider.send(.post, "/v1/payments/\(id)/confirm") { replies.append($0) }
        }
        try provider.turn { replies.count == 3 }
        #expect(replies.allSatisfy { $0["status"]?.text == "succeeded" })
        #expect(try provider.charges().count == 1)
    }

    @Test func cancellingALatePaymentAnswersThoseWhoWait() throws {
        let id = try provider.createID("pay_1", token: "tok_timeout")
        var waiting: Reply?
        try provider.send(.post, "/v1/payments/\(id)/confirm") { waiting = $0 }
        try provider.turn { (try? provider.fetch("pay_1"))?["status"]?.text == "processing" }
        #expect(try provider.cancel(id)["status"]?.text == "cancelled")
        try provider.turn { waiting != nil }
        #expect(waiting?["status"]?.text == "cancelled")
        #expect(try provider.charges().isEmpty)
    }

    @Test func anUnheardPaymentIsChargedAndFoundByAPoll() throws {
        let id = try provider.createID("pay_1", token: "tok_unknown")
        #expect(try provider.confirm(id) == .noAnswer)
        #expect(try provider.fetch("pay_1")["status"]?.text == "succeeded")
        #expect(try provider.charges().count == 1)
        #expect(try provider.confirm(id)["status"]?.text == "succeeded")
    }

    @Test func aRefundIsGivenOnce() throws {
        let id = try provider.createID("pay_1", amount: 700)
        _ = try provider.confirm(id)
        let first = try provider.refund("ref_1", of: id, amount: 700)
        #expect(first.status == 200)
        #expect(first["refund_reference"]?.text?.isEmpty == false)
        #expect(try provider.refund("ref_1", of: id, amount: 700) == first)
        #expect(
            try provider.charges() == [Charge(attempt: "pay_1", amount: 700, refunded: 700)])
    }

    @Test func theSameRefundWithOtherTermsIsRefused() throws {
        let id = try provider.createID("pay_1", amount: 700)
        let other = try provider.createID("pay_2", amount: 700)
        _ = try provider.confirm(id)
        _ = try provider.confirm(other)
        _ = try provider.refund("ref_1", of: id, amount: 300)
        #expect(try provider.refund("ref_1", of: id, amount: 301).status == 422)
        #expect(try provider.refund("ref_1", of: other, amount: 300).status == 422)
        #expect(try provider.charges().map(\.refunded) == [300, 0])
    }

    @Test func noMoreIsRefundedThanWasCharged() throws {
        let id = try provider.createID("pay_1", amount: 700)
        #expect(try provider.refund("ref_0", of: id, amount: 1).status == 422)
        _ = try provider.confirm(id)
        #expect(try provider.refund("ref_1", of: id, amount: 701).status == 422)
        #expect(try provider.refund("ref_2", of: id, amount: 400).status == 200)
        #expect(try provider.refund("ref_3", of: id, amount: 301).status == 422)
        #expect(try provider.refund("ref_4", of: id, amount: 300).status == 200)
        #expect(try provider.charges().map(\.refunded) == [700])
    }
}
