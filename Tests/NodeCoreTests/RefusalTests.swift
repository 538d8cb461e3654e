import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// Refusals are linearizable: no node says no from what it remembers.
@Suite struct RefusalTests {
    @Test func anIDOfNoShardIsUnknown() {
        var cluster = NodeCluster(nodes: 1)
        _ = cluster.openSale()
        for shard in [ShardID(40), .system] {
            let hold = HoldID(shard: shard, bits: 1)
            #expect(cluster.answer(to: .releaseHold(hold)).word == "no hold")
            let order = OrderID(shard: shard, bits: 1)
            #expect(
                cluster.answer(to: .cancelOrder(order, refundBits: 2)).word == "no order")
        }
    }

    /// An id that names another Raft group is not ours, whatever its bits: no log entry could
    /// carry it.
    @Test func anIDOfAnotherGroupIsUnknown() {
        var cluster = NodeCluster(nodes: 1)
        let sale = cluster.openSale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        #expect(
            cluster.answer(to: sale.commit(sale.holdID(1), key: "c", number: 2)).word
                == "order confirmed")
        let (shard, group) = (sale.event.shard, GroupID(7))
        let hold = HoldID(group: group, shard: shard, bits: sale.holdID(1).bits)
        let order = OrderID(group: group, shard: shard, bits: sale.orderID(2).bits)
        let event = EventID(group: group, shard: shard, bits: sale.event.bits)
        let attempt = AttemptID(group: group, shard: shard, bits: sale.attemptID(2).bits)
        #expect(cluster.answer(to: .releaseHold(hold)).word == "no hold")
        #expect(cluster.answer(to: sale.commit(hold, key: "d", number: 3)).word == "no hold")
        let amendment = HoldAmendment(hold: hold, extendSeconds: 1, releaseSeats: [], key: nil)
        #expect(cluster.answer(to: .amendHold(amendment)).word == "no hold")
        #expect(cluster.answer(to: .cancelOrder(order, refundBits: 1)).word == "no order")
        let seats = [NodeSale.seat(1)]
        let block = WriteOperation.setBlocked(event: event, seats: seats, target: .blocked)
        #expect(cluster.answer(to: block).word == "no event")
        let newHold = NewHold(
            event: event, user: "u", key: "e", seats: seats, ttlSeconds: nil, holdBits: 9)
        #expect(cluster.answer(to: .hold(newHold)).word == "no event")
        guard case .createEvent(var created) = NodeSale.newEvent(event, ttlSeconds: 9) else {
            return
        }
        created.event.bits = 5
        #expect(cluster.answer(to: .createEvent(created)).word == "no event")
        let intent = ProviderIntent(
            reference: "p", status: .succeeded, amount: 1, currency: "EUR")
        let notice = ProviderNotice(
            provider: "simulated", subject: .payment(attempt, intent), body: [1], bodyHash: 1,
            refundBits: 1)
        #expect(cluster.answer(to: .webhook(notice)).word == "done")
        #expect(cluster.core(NodeID(1)).inventory.unmatchedWebhooks == 1)
        for read in [ReadOperation.hold(hold), .order(order), .event(event), .seatMap(event)] {
            let answer = cluster.answer(to: .read(read, .linearizable), at: NodeID(1))
            #expect(answer.word.hasPrefix("no "))
        }
    }

    @Test func anExpiryIsToldOnlyOnceTheLogSaysSo() {
        var cluster = NodeCluster(nodes: 3) { $0.expiryInterval = .seconds(60) }
        let sale = cluster.openSale()
        let hold = cluster.answer(to: sale.hold([0], key: "k", ttlSeconds: 2, number: 1))?.hold
        guard let hold, let leader = cluster.leader else {
            Issue.record("no hold")
            return
        }
        let lapse = hold.expiresAt - NodeCluster.epoch - Milliseconds(cluster.milliseconds)
        cluster.run(for: lapse + Milliseconds(20))
        let read = cluster.answer(
            to: .read(.hold(hold.id), .linearizable), at: leader)
        let clock = cluster.core(leader).inventory.clock
        #expect((read?.hold?.status == .expired) == (clock >= hold.expiresAt))
        let release = cluster.answer(to: .releaseHold(hold.id))
        #expect(release.word == "hold expired")
        #expect(cluster.core(leader).inventory.clock >= hold.expiresAt)
    }

    @Test func aDeposedLeaderDoesNotRefuseFromMemory() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let old = cluster.leader else { return }
        let first = cluster.answer(to: sale.hold([0], key: "a", number: 1))
        #expect(first.word == "held")
        cluster.isolate(old)
        cluster.run(atMost: .seconds(3)) { $0.leader != old && $0.leader != nil }
        // The old leader may still believe; what it remembers is not the truth any more.
        let refusal = cluster.submit(sale.hold([0], key: "b", number: 2), to: old)
        cluster.run(for: .seconds(4))
        #expect(["not leader", "noLeader"].contains(cluster.replies[refusal]?.answer.word))
    }

    @Test func aRefusalThatNoLongerHoldsAfterTheReadIsAProposal() {
        var cluster = NodeCluster(nodes: 3)
        let sale = cluster.openSale()
        guard let leader = cluster.leader else { return }
        let hold = cluster.answer(to: sale.hold([0], key: "a", number: 1))
        #expect(hold.word == "held")
        cluster.timings.linkMicroseconds = 5_000...5_000
        // The release is in the log, not applied, when the second hold is judged first.
        let release = cluster.submit(.releaseHold(sale.holdID(1)), to: leader)
        cluster.run(for: Milliseconds(2))
        let second = cluster.submit(sale.hold([0], key: "b", number: 2), to: leader)
        cluster.run(for: .seconds(1))
        #expect(cluster.replies[release]?.answer.word == "released")
        #expect(cluster.replies[second]?.answer.word == "held")
    }

    @Test func aSaleOpensByTheStampAndStaysOpen() {
        var cluster = NodeCluster(nodes: 3)
        let opensAt = NodeCluster.epoch + .seconds(5)
        let sale = cluster.openSale(onSaleAt: opensAt)
        #expect(cluster.answer(to: sale.hold([0], key: "a", number: 1)).word == "not on sale")
        cluster.run(for: .seconds(5))
        #expect(cluster.answer(to: sale.hold([0], key: "a", number: 1)).word == "held")
    }

    @Test func unknownSeatsAreNamedByTheirPositions() {
        var cluster = NodeCluster(nodes: 1)
        let sale = cluster.openSale()
        let hold = NewHold(
            event: sale.event, user: "u", key: "k", seats: ["A-1", "Z-1", "A-2", "A-11"],
            ttlSeconds: nil, holdBits: 1)
        #expect(cluster.answer(to: .hold(hold)).word == "unknown seats [1, 3]")
    }
}
