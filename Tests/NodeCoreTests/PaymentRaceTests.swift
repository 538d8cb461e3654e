import Inventory
import NodeCore
import Primitives
import Raft
import Simulation
import Testing

/// The races between payments, time and crashes.
@Suite struct PaymentRaceTests {
    @Test func aCrashBeforeTheFenceCommitsChargesNothing() {
        var checkout = Checkout()
        let old = checkout.leader
        checkout.cluster.isolate(old)
        let lost = checkout.beginCommit()
        checkout.cluster.crash(old)
        checkout.cluster.healNetwork()
        checkout.cluster.elect()
        checkout.cluster.run(for: .seconds(3))
        #expect(checkout.word(lost) == "none")
        #expect(checkout.cluster.provider.log.isEmpty)
        #expect(checkout.commit().word == "order confirmed")
    }

    @Test func aCrashAfterTheFenceIsResumedWithTheSameKeys() {
        var checkout = Checkout()
        checkout.cluster.provider.isDown = true
        _ = checkout.beginCommit()
        checkout.cluster.run(for: Milliseconds(500))
        #expect(checkout.hold == .paymentPending)
        checkout.cluster.provider.isDown = false
        checkout.changeLeader()
        checkout.cluster.run(for: .seconds(5))
        #expect(checkout.order() == .confirmed)
        #expect(checkout.cluster.provider.charges == [checkout.sale.attemptID(2)])
    }

    /// The provider took the money, its answer was lost with the leader.
    @Test func aCrashAfterTheChargeBooksAndChargesOnce() {
        var checkout = Checkout()
        checkout.cluster.timings.answersLostPermille = 1_000
        _ = checkout.beginCommit()
        checkout.cluster.run(atMost: .seconds(20)) { !$0.provider.charges.isEmpty }
        // The answers to create were lost as well: nobody confirmed.
        #expect(checkout.cluster.provider.charges.isEmpty)
        checkout.cluster.timings.answersLostPermille = 0
        checkout.cluster.run(atMost: .seconds(10)) { !$0.provider.charges.isEmpty }
        #expect(checkout.order() == .pending)
        checkout.changeLeader()
        checkout.cluster.run(for: .seconds(5))
        #expect(checkout.order() == .confirmed)
        #expect(checkout.cluster.provider.charges.count == 1)
    }

    /// A lost answer is settled by asking again, within 10 s.
    @Test func aLostAnswerIsFetched() {
        var checkout = Checkout()
        checkout.cluster.timings.providerMicroseconds = 5_000...5_000
        _ = checkout.beginCommit()
        checkout.cluster.run(atMost: .seconds(2)) { $0.provider.log.last?.word == "create" }
        checkout.cluster.timings.answersLostPermille = 1_000
        checkout.cluster.run(atMost: .seconds(20)) { !$0.provider.charges.isEmpty }
        checkout.cluster.timings.answersLostPermille = 0
        checkout.cluster.run(for: .seconds(10))
        #expect(checkout.order() == .confirmed)
        #expect(checkout.cluster.provider.log.contains { $0.word == "fetch" })
        #expect(checkout.cluster.provider.charges.count == 1)
    }

    /// It may still call the provider with the same keys; it can never answer "booked".
    @Test func aDeposedLeaderInTheMiddleOfACallBooksNothing() {
        var checkout = Checkout()
        checkout.cluster.timings.providerMicroseconds = 300_000...300_000
        let request = checkout.beginCommit()
        let old = checkout.leader
        checkout.cluster.run(for: Milliseconds(100))
        checkout.cluster.isolate(old)
        checkout.cluster.run(for: Milliseconds(4_000))
        #expect(checkout.leader != old)
        #expect(checkout.order() == .confirmed)
        #expect(["under way", "unknown outcome"].contains(checkout.word(request)))
        #expect(checkout.cluster.provider.charges.count == 1)
        checkout.cluster.healNetwork()
        checkout.cluster.run(for: .seconds(3))
        #expect(checkout.cluster.safety.violations == [])
    }

    /// Nobody calls the provider on a leadership that cannot be confirmed.
    @Test func aLeaderWithoutAQuorumCallsNobody() {
        var checkout = Checkout()
        checkout.cluster.provider.isDown = true
        _ = checkout.beginCommit()
        checkout.cluster.run(for: .seconds(1))
        let old = checkout.leader
        checkout.cluster.isolate(old)
        for id in checkout.cluster.ids where id != old { checkout.cluster.crash(id) }
        checkout.cluster.run(for: .seconds(3))
        let calls = checkout.cluster.provider.log.count
        checkout.cluster.provider.isDown = false
        checkout.cluster.run(for: .seconds(20))
        #expect(checkout.cluster.provider.log.count == calls)
    }

    /// It still believes to lead, and a poll is due: but who can't prove it does not call.
    @Test func aLeaderThatIsCutOffCallsNobody() {
        var checkout = Checkout {
            $0.raft.electionTicksMin = 300
            $0.raft.electionTicksMax = 500
        }
        _ = checkout.beginCommit(token: "tok_slow_20000")
        checkout.cluster.run(for: .seconds(2))
        let old = checkout.leader
        checkout.cluster.isolate(old)
        checkout.cluster.run(for: Milliseconds(100))
        let calls = checkout.cluster.provider.log.count
        #expect(calls >= 3)
        checkout.cluster.run(for: .seconds(4))
        #expect(checkout.cluster.core(old).isLeading)
        #expect(checkout.cluster.provider.log.count == calls)
    }

    @Test func aWebhookBeforeTheAnswerBooksOnce() {
        var checkout = Checkout()
        checkout.cluster.timings.providerMicroseconds = 200_000...200_000
        let request = checkout.beginCommit()
        checkout.cluster.run(atMost: .seconds(5)) { !$0.provider.charges.isEmpty }
        let webhook = checkout.webhook()
        #expect(checkout.cluster.answer(to: .webhook(webhook)).word == "done")
        #expect(checkout.word(request) == "order confirmed")
        checkout.cluster.run(for: .seconds(3))
        #expect(checkout.cluster.answer(to: .webhook(webhook)).word == "done")
        #expect(checkout.cluster.provider.charges.count == 1)
        let told = checkout.cluster[checkout.leader].events.count {
            $0 == .paymentSettled(checkout.sale.attemptID(2), .succeeded)
        }
        #expect(told == 1)
        #expect(checkout.inventory.dueRefunds().isEmpty)
    }

    @Test func aWebhookOfAnUnknownPaymentIsKept() {
        var checkout = Checkout()
        let intent = ProviderIntent(
            reference: "p", status: .succeeded, amount: 5, currency: "EUR")
        for attempt in [checkout.sale.attemptID(50), AttemptID(shard: .system, bits: 3)] {
            let notice = ProviderNotice(
                provider: "simulated", subject: .payment(attempt, intent),
                body: [UInt8](repeating: 7, count: 300_000), bodyHash: attempt.bits, refundBits: 1)
            #expect(checkout.cluster.answer(to: .webhook(notice)).word == "done")
            #expect(checkout.cluster.answer(to: .webhook(notice)).word == "done")
        }
        #expect(checkout.inventory.unmatchedWebhooks == 2)
    }

    /// The deadline passes while the provider says nothing: the seats stay fenced until it does.
    @Test func silenceNeverFreesASeat() {
        var checkout = Checkout { $0.paymentDeadline = .seconds(5) }
        checkout.cluster.provider.isDown = true
        _ = checkout.beginCommit()
        checkout.cluster.run(for: .seconds(40))
        #expect(checkout.attempt() == .cancelling)
        #expect(checkout.hold == .paymentPending)
        let rival = checkout.cluster.answer(to: checkout.sale.hold([0], key: "r", number: 9))
        #expect(rival.word == "seats unavailable")
        checkout.cluster.provider.isDown = false
        checkout.cluster.run(for: .seconds(10))
        #expect(checkout.attempt() == .cancelled)
        #expect(checkout.hold == .expired)
        #expect(checkout.cluster.provider.charges.isEmpty)
        #expect(
            checkout.cluster.answer(to: checkout.sale.hold([0], key: "r", number: 9)).word
                == "held")
    }

    @Test func afterTheDeadlineAPaymentUnderWayIsCancelled() {
        var checkout = Checkout { $0.paymentDeadline = .seconds(5) }
        #expect(checkout.commit(token: "tok_never").word == "under way")
        checkout.cluster.run(for: .seconds(8))
        #expect(checkout.attempt() == .cancelled)
        #expect(checkout.hold == .expired)
    }

    /// Cancelling meets a payment that has succeeded: it books, and nothing is given back.
    @Test func aSuccessThatBeatsTheCancellationBooks() {
        var checkout = Checkout { $0.paymentDeadline = .seconds(5) }
        checkout.cluster.timings.providerMicroseconds = 5_000...5_000
        _ = checkout.beginCommit()
        checkout.cluster.run(atMost: .seconds(2)) { $0.provider.log.last?.word == "create" }
        checkout.cluster.timings.answersLostPermille = 1_000
        checkout.cluster.timings.providerTimeout = .seconds(8)
        checkout.cluster.run(atMost: .seconds(30)) { !$0.provider.charges.isEmpty }
        checkout.cluster.run(for: .seconds(6))
        #expect(checkout.attempt() == .cancelling)
        checkout.cluster.timings.answersLostPermille = 0
        checkout.cluster.run(for: .seconds(12))
        #expect(checkout.order() == .confirmed)
        #expect(checkout.charged() == 5_000)
        #expect(checkout.cluster.provider.refunds.isEmpty)
    }

    /// Late success of a declined attempt while another is under way: only one is kept.
    @Test func aSecondSuccessIsGivenBack() {
        var checkout = Checkout()
        #expect(checkout.commit(token: "tok_declined").word == "payment declined")
        #expect(checkout.commit(token: "tok_never", key: "d", number: 3).word == "under way")
        let intent = ProviderIntent(
            reference: "late", status: .succeeded, amount: 5_000, currency: "EUR")
        let notice = ProviderNotice(
            provider: "simulated", subject: .payment(checkout.sale.attemptID(2), intent), body: [1],
            bodyHash: 1, refundBits: 1)
        #expect(checkout.cluster.answer(to: .webhook(notice)).word == "done")
        #expect(checkout.order() == .confirmed)
        // The other attempt is to be cancelled at once, not at its deadline.
        checkout.cluster.run(for: .seconds(5))
        #expect(checkout.attempt(3) == .cancelled)
        #expect(checkout.cluster.provider.charges.isEmpty)
    }

    /// Calls of one attempt never overlap, whatever gets lost, and whoever leads.
    @Test func noTwoCallsOfAnAttemptOverlap() {
        for seed in 1...3 as ClosedRange<UInt64> {
            var checkout = Checkout(seed: seed)
            checkout.cluster.timings.answersLostPermille = 300
            checkout.cluster.timings.callsLostPermille = 300
            checkout.cluster.timings.providerTimeout = Milliseconds(500)
            _ = checkout.beginCommit(token: "tok_slow_3000")
            for _ in 0..<200 {
                checkout.cluster.run(for: Milliseconds(50))
                #expect(checkout.cluster[checkout.leader].callsUnderWay <= 1)
            }
            checkout.cluster.timings.answersLostPermille = 0
            checkout.cluster.timings.callsLostPermille = 0
            checkout.cluster.run(for: .seconds(10))
            #expect(checkout.order() == .confirmed)
            #expect(checkout.cluster.provider.charges.count == 1)
        }
    }
}

extension Checkout {
    /// What the provider would tell of the attempt now.
    mutating func webhook(_ number: Int = 2) -> ProviderNotice {
        let attempt = sale.attemptID(number)
        guard let intent = cluster.provider.intent(of: attempt, at: cluster.time) else {
            preconditionFailure("the provider knows no attempt \(number)")
        }
        return ProviderNotice(
            provider: "simulated", subject: .payment(attempt, intent), body: [1, 2, 3],
            bodyHash: 3, refundBits: 4)
    }
}
