import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// A sale with one hold in a cluster of three, about to be paid.
struct Checkout {
    var cluster: NodeCluster
    let sale: NodeSale

    init(
        seed: UInt64 = 1, ttlSeconds: UInt32 = 60,
        configure: (inout NodeCoreConfiguration) -> Void = { _ in }
    ) {
        cluster = NodeCluster(nodes: 3, seed: seed, configure: configure)
        sale = cluster.openSale(ttlSeconds: ttlSeconds)
        let hold = cluster.answer(to: sale.hold([0, 1], key: "k", number: 1))
        precondition(hold.word == "held", hold.word)
    }

    var leader: NodeID { cluster.leader ?? NodeID(1) }
    var inventory: Inventory { cluster.core(leader).inventory }

    @discardableResult
    mutating func commit(
        token: String = "tok_visa", key: String = "c", number: Int = 2
    ) -> Answer? {
        cluster.answer(to: sale.commit(sale.holdID(1), key: key, token: token, number: number))
    }

    /// Sends a commit without waiting for its answer.
    mutating func beginCommit(
        token: String = "tok_visa", key: String = "c", number: Int = 2
    ) -> RequestID {
        cluster.submit(
            sale.commit(sale.holdID(1), key: key, token: token, number: number), to: leader)
    }

    func word(_ request: RequestID) -> String { (cluster.replies[request]?.answer).word }

    var hold: HoldStatus? { inventory.hold(sale.holdID(1), at: .zero)?.status }
    func order(_ number: Int = 2) -> OrderStatus? { inventory.order(sale.orderID(number))?.status }
    func attempt(_ number: Int = 2) -> AttemptStatus? {
        inventory.attempt(sale.attemptID(number))?.status
    }

    /// What the provider holds of an attempt, what was given back deducted.
    func charged(_ number: Int = 2) -> Int64 {
        let payment = cluster.provider.payments[sale.attemptID(number)]
        guard let payment, payment.status == .succeeded else { return 0 }
        return payment.amount - payment.refunded
    }

    mutating func changeLeader() {
        let old = leader
        cluster.crash(old)
        cluster.run(atMost: .seconds(3)) { $0.leader != nil }
        cluster.elect()
        cluster.start(old)
    }
}

/// The HTTP contract of commits, at the core's level.
@Suite struct PaymentTests {
    @Test func aCommitThatIsPaidConfirmsTheOrder() {
        var checkout = Checkout()
        let answer = checkout.commit()
        #expect(answer.word == "order confirmed")
        #expect(answer?.order?.amount == 5_000)
        #expect(checkout.charged() == 5_000)
        #expect(checkout.hold == .booked)
        #expect(checkout.cluster.safety.violations == [])
    }

    /// Two steps, create then confirm, each once.
    @Test func thePaymentIsCreatedThenConfirmed() {
        var checkout = Checkout()
        checkout.commit()
        let calls = checkout.cluster.provider.log.map(\.word)
        #expect(calls == ["create", "confirm"])
    }

    @Test func aDeclinedPaymentLeavesTheHold() {
        var checkout = Checkout()
        #expect(checkout.commit(token: "tok_declined").word == "payment declined")
        #expect(checkout.hold == .held)
        #expect(checkout.commit(token: "tok_declined").word == "payment declined")
        #expect(checkout.cluster.provider.payments.count == 1)
        #expect(checkout.commit(key: "d", number: 3).word == "order confirmed")
        #expect(checkout.charged(3) == 5_000)
    }

    @Test func aSlowProviderIsAnswered202AndSettlesLater() {
        var checkout = Checkout()
        let before = checkout.cluster.milliseconds
        #expect(checkout.commit(token: "tok_slow_6000").word == "under way")
        let waited = checkout.cluster.milliseconds - before
        #expect(2_000...2_200 ~= waited)
        #expect(checkout.order() == .pending)
        checkout.cluster.run(for: .seconds(6))
        #expect(checkout.order() == .confirmed)
        #expect(checkout.cluster.provider.charges.count == 1)
    }

    @Test func theSameKeyWaitsForItsAttempt() {
        var checkout = Checkout()
        let first = checkout.beginCommit(token: "tok_slow_1000")
        checkout.cluster.run(for: Milliseconds(500))
        let second = checkout.beginCommit(token: "tok_slow_1000")
        checkout.cluster.run(for: .seconds(3))
        #expect(checkout.word(first) == "order confirmed")
        #expect(checkout.word(second) == "order confirmed")
        #expect(checkout.cluster.provider.charges.count == 1)
        #expect(checkout.commit().word == "order confirmed again")
    }

    @Test func anotherKeyMeanwhileIsInProgressAndAfterwardsTheOneOrder() {
        var checkout = Checkout()
        let first = checkout.beginCommit(token: "tok_slow_1000")
        checkout.cluster.run(for: Milliseconds(500))
        #expect(checkout.commit(key: "d", number: 3).word == "key in progress")
        checkout.cluster.run(for: .seconds(3))
        #expect(checkout.word(first) == "order confirmed")
        #expect(checkout.commit(key: "d", number: 3).word == "order confirmed again")
        #expect(checkout.cluster.provider.charges.count == 1)
    }

    @Test func aPendingPaymentFencesTheHold() {
        var checkout = Checkout(ttlSeconds: 2)
        _ = checkout.beginCommit(token: "tok_slow_8000")
        checkout.cluster.run(for: .seconds(4))
        #expect(checkout.hold == .paymentPending)
        let release = checkout.cluster.answer(to: .releaseHold(checkout.sale.holdID(1)))
        #expect(release.word == "payment pending")
        let rival = checkout.cluster.answer(to: checkout.sale.hold([0], key: "r", number: 9))
        #expect(rival.word == "seats unavailable")
        checkout.cluster.run(for: .seconds(6))
        #expect(checkout.hold == .booked)
    }

    @Test func aCancelledOrderIsGivenBackOnce() {
        var checkout = Checkout()
        checkout.commit()
        let order = checkout.sale.orderID(2)
        let cancel = WriteOperation.cancelOrder(order, refundBits: 77)
        #expect(checkout.cluster.answer(to: cancel).word == "order cancelled")
        #expect(checkout.cluster.answer(to: cancel).word == "order cancelled again")
        checkout.cluster.run(for: .seconds(2))
        #expect(checkout.charged() == 0)
        #expect(checkout.cluster.provider.refunds.count == 1)
        #expect(checkout.inventory.dueRefunds().isEmpty)
        #expect(checkout.commit().word == "hold released")
        let again = checkout.cluster.answer(to: checkout.sale.hold([0], key: "n", number: 9))
        #expect(again.word == "held")
    }

    @Test func aRefundIsTriedUntilTheProviderConfirmsIt() {
        var checkout = Checkout()
        checkout.commit()
        checkout.cluster.provider.isDown = true
        let order = checkout.sale.orderID(2)
        #expect(
            checkout.cluster.answer(to: .cancelOrder(order, refundBits: 7)).word
                == "order cancelled")
        checkout.cluster.run(for: .seconds(30))
        #expect(checkout.inventory.dueRefunds().count == 1)
        checkout.cluster.provider.isDown = false
        checkout.changeLeader()
        checkout.cluster.run(for: .seconds(10))
        #expect(checkout.inventory.dueRefunds().isEmpty)
        #expect(checkout.charged() == 0)
    }

    /// A flood of lost answers must not become a flood of calls or of memory.
    @Test func anUnreachableProviderIsAskedLessAndLess() {
        var checkout = Checkout()
        checkout.cluster.provider.isDown = true
        checkout.cluster.timings.providerTimeout = Milliseconds(10)
        _ = checkout.beginCommit()
        checkout.cluster.run(for: .seconds(30))
        let told = checkout.cluster[checkout.leader].events.count {
            if case .providerUnreachable = $0 { true } else { false }
        }
        #expect(told == 1)
        checkout.cluster.provider.isDown = false
        checkout.cluster.run(for: .seconds(3))
        #expect(checkout.order() == .confirmed)
    }
}

extension ProviderCall {
    var word: String {
        switch request {
        case .create: "create"
        case .confirm: "confirm"
        case .fetch: "fetch"
        case .cancel: "cancel"
        case .refund: "refund"
        }
    }
}
