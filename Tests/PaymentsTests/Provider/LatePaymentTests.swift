import NodeCore
import Primitives
import Testing

@testable import Payments

/// Payments that succeed after a time, on clocks of the test's own.
struct LatePaymentTests {
    @Test func itSucceedsWhenItsTimeHasComeAndNotBefore() throws {
        var provider = try DiskProvider(SharedDisk())
        let id = try provider.make("pay_1", token: "tok_timeout")
        #expect(try provider.confirm(id, at: .at(0)) == .onceSettled(paymentID: id))
        #expect(provider.nextDue == Moment.at(30_000).monotonic)
        provider.settleDue(at: .at(29_999))
        #expect(provider.status("pay_1") == .processing)
        provider.settleDue(at: .at(30_000))
        #expect(provider.status("pay_1") == .succeeded)
        #expect(provider.nextDue == nil)
    }

    @Test func confirmingAgainDoesNotPutItOff() throws {
        var provider = try DiskProvider(SharedDisk())
        let id = try provider.make("pay_1", token: "tok_slow_1000")
        _ = try provider.confirm(id, at: .at(0))
        _ = try provider.confirm(id, at: .at(900))
        provider.settleDue(at: .at(1_000))
        #expect(provider.status("pay_1") == .succeeded)
        #expect(provider.book.totals.map(\.count) == [1])
    }

    @Test func cancelledBeforeItsTimeItNeverSucceeds() throws {
        var provider = try DiskProvider(SharedDisk())
        let id = try provider.make("pay_1", token: "tok_slow_1000")
        _ = try provider.confirm(id, at: .at(0))
        _ = try provider.cancel(id)
        provider.settleDue(at: .at(5_000))
        #expect(provider.status("pay_1") == .cancelled)
        #expect(provider.book.totals.isEmpty)
    }

    @Test func severalSucceedInTheOrderOfTheirTimes() throws {
        var provider = try DiskProvider(SharedDisk())
        for (attempt, span) in [("pay_1", 300), ("pay_2", 100), ("pay_3", 200)] {
            let id = try provider.make(attempt, token: "tok_slow_\(span)")
            _ = try provider.confirm(id, at: .at(0))
        }
        provider.settleDue(at: .at(250))
        #expect(provider.book.charges.map(\.attemptID) == ["pay_2", "pay_3"])
        provider.settleDue(at: .at(300))
        #expect(provider.book.charges.map(\.attemptID) == ["pay_2", "pay_3", "pay_1"])
    }

    @Test func aRestartGoesOnWithWhatIsLeftOfTheTime() throws {
        let disk = SharedDisk()
        var provider = try DiskProvider(disk)
        _ = try provider.confirm(try provider.make("pay_1", token: "tok_timeout"), at: .at(0))
        _ = try provider.commit()
        var next = try DiskProvider(disk.copy, at: .at(20_000))
        #expect(next.nextDue == Moment.at(30_000).monotonic)
        next.settleDue(at: .at(30_000))
        #expect(next.status("pay_1") == .succeeded)
        var late = try DiskProvider(disk.copy, at: .at(99_000))
        late.settleDue(at: .at(99_000))
        #expect(late.status("pay_1") == .succeeded)
    }

    /// What succeeded while nobody looked is told like everything else.
    @Test func whatFellDueWhileItWasDownIsNews() throws {
        let disk = SharedDisk()
        var provider = try DiskProvider(disk)
        _ = try provider.confirm(try provider.make("pay_1", token: "tok_slow_10"), at: .at(0))
        #expect(try provider.commit().isEmpty)
        var next = try DiskProvider(disk.copy, at: .at(500))
        next.settleDue(at: .at(500))
        let payment = try #require(next.book.payment(ofAttempt: "pay_1")?.shown)
        #expect(try next.commit() == [.settled(payment)])
        #expect(payment.status == .succeeded)
    }

    @Test func aWallClockThatJumpedDoesNotDelayItBeyondItsToken() throws {
        let disk = SharedDisk()
        var provider = try DiskProvider(disk)
        _ = try provider.confirm(
            try provider.make("pay_1", token: "tok_timeout"), at: .at(86_400_000))
        _ = try provider.commit()
        var back = Moment.at(0)
        back.monotonic = .zero
        let next = try DiskProvider(disk.copy, at: back)
        #expect(next.nextDue == Moment.at(30_000).monotonic)
    }

    @Test(arguments: [
        ("tok_visa", PaymentToken.succeeds), ("", .succeeds), ("tok_declined", .declines),
        ("tok_timeout", .succeedsLate(.seconds(30))), ("tok_unknown", .succeedsUnheard),
        ("tok_slow_0", .succeedsLate(.zero)), ("tok_slow_250", .succeedsLate(Milliseconds(250))),
        ("tok_slow_86400000", .succeedsLate(.seconds(86_400))), ("tok_slow_86400001", .succeeds),
        ("tok_slow_-1", .succeeds), ("tok_slow_", .succeeds), ("tok_slow_1.5", .succeeds),
        ("tok_slow_99999999999999999999", .succeeds), ("TOK_DECLINED", .succeeds),
    ])
    func tokensSayWhatHappens(text: String, token: PaymentToken) {
        #expect(PaymentToken(text) == token)
    }
}
