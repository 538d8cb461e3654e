import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import Payments

/// A provider that is killed and started again in the same directory, with real files.
struct RestartTests {
    let directory: TemporaryDirectory
    init() throws { directory = try TemporaryDirectory() }

    @Test func moneyIsStillThereAfterAKill() throws {
        var first: ProviderFixture? = try ProviderFixture(in: directory)
        let id = try #require(try first?.createID("pay_1", amount: 700))
        _ = try first?.confirm(id)
        _ = try first?.refund("ref_1", of: id, amount: 200)
        _ = try first?.createID("pay_2")
        let unheard = try #require(try first?.createID("pay_3", token: "tok_unknown"))
        #expect(try first?.confirm(unheard) == .noAnswer)
        first = nil
        let second = try ProviderFixture(in: directory)
        #expect(second.service.paymentCount == 3)
        #expect(
            try second.charges() == [
                Charge(attempt: "pay_1", amount: 700, refunded: 200),
                Charge(attempt: "pay_3", amount: 4_500, refunded: 0),
            ])
        #expect(try second.create("pay_1", amount: 700)["payment_id"]?.text == id)
        #expect(try second.refund("ref_1", of: id, amount: 200).status == 200)
        #expect(try second.charges().map(\.refunded) == [200, 0])
    }

    @Test func aLatePaymentSucceedsAfterTheRestart() throws {
        var first: ProviderFixture? = try ProviderFixture(in: directory)
        let id = try #require(try first?.createID("pay_1", token: "tok_slow_150"))
        try first?.send(.post, "/v1/payments/\(id)/confirm")
        try first?.turn { (try? first?.fetch("pay_1"))?["status"]?.text == "processing" }
        first = nil
        let second = try ProviderFixture(in: directory)
        #expect(try second.confirm(id)["status"]?.text == "succeeded")
        #expect(try second.charges().count == 1)
    }

    @Test func twoProvidersDoNotShareADirectory() throws {
        let first = try ProviderFixture(in: directory)
        #expect(throws: ProviderError.self) { _ = try ProviderFixture(in: directory) }
        #expect(try first.create("pay_1").status == 200)
    }

    @Test func aPortThatIsTakenIsAnError() throws {
        let first = try ProviderFixture(in: directory)
        let other = try TemporaryDirectory()
        let loop = try makeLoop()
        #expect(throws: ProviderError.self) {
            _ = try ProviderService(
                loop: loop,
                configuration: ProviderConfiguration(
                    listen: first.address, directory: other.path, webhookSecret: [1],
                    webhookURLs: []))
        }
    }

    @Test func stoppingAnswersThoseWhoWaitAndLosesNothing() throws {
        var first: ProviderFixture? = try ProviderFixture(in: directory)
        let id = try #require(try first?.createID("pay_1", token: "tok_timeout"))
        var reply: Reply?
        try first?.send(.post, "/v1/payments/\(id)/confirm") { reply = $0 }
        try first?.turn { (try? first?.fetch("pay_1"))?["status"]?.text == "processing" }
        first?.service.stop()
        try first?.turn { first?.service.isDeserted == true && reply != nil }
        #expect(reply?["status"]?.text == "processing")
        first = nil
        let second = try ProviderFixture(in: directory)
        #expect(try second.fetch("pay_1")["status"]?.text == "processing")
    }
}
