import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// The HTTP contract's rules for events and holds, as a node answers them.
@Suite struct ContractTests {
    private static func sale(ttlSeconds: UInt32 = 60) -> (NodeCluster, NodeSale) {
        var cluster = NodeCluster(nodes: 1)
        let sale = cluster.openSale(ttlSeconds: ttlSeconds)
        return (cluster, sale)
    }

    private static func amend(
        _ hold: HoldID, extend: UInt32? = nil, drop: [String] = [], key: String? = nil
    ) -> WriteOperation {
        .amendHold(
            HoldAmendment(hold: hold, extendSeconds: extend, releaseSeats: drop, key: key))
    }

    @Test func aVenueIsCreatedOnceAndItsRepetitionAnsweredAgain() {
        var (cluster, _) = Self.sale()
        #expect(cluster.answer(to: NodeSale.newVenue).word == "venue")
        guard case .createVenue(var other) = NodeSale.newVenue else { return }
        other.bodyHash = 99
        #expect(cluster.answer(to: .createVenue(other)).word == "key reused")
    }

    @Test func aLayoutThatIsNotWhatWasAnnouncedIsRefused() {
        var (cluster, _) = Self.sale()
        guard case .createVenue(var venue) = NodeSale.newVenue else { return }
        venue.venue = VenueID.derived(owner: "organizer", key: "other")
        venue.layoutHash = 5
        #expect(cluster.answer(to: .createVenue(venue)).word == "layout incomplete")
    }

    @Test func tooManyUnfinishedImportsAreRefusedBeforeTheyBegin() {
        var (cluster, _) = Self.sale()
        guard case .createVenue(var venue) = NodeSale.newVenue else { return }
        venue.layoutHash = 5
        for number in 0..<32 {
            venue.venue = VenueID.derived(owner: "organizer", key: "bad \(number)")
            #expect(cluster.answer(to: .createVenue(venue)).word == "layout incomplete")
        }
        venue.venue = VenueID.derived(owner: "organizer", key: "one more")
        #expect(cluster.answer(to: .createVenue(venue)).word == "limit exceeded")
    }

    @Test func anEventIsCreatedOnceAndItsRepetitionAnsweredAgain() {
        var (cluster, sale) = Self.sale()
        #expect(
            cluster.answer(to: NodeSale.newEvent(sale.event, ttlSeconds: 60)).word == "event")
        guard case .createEvent(var other) = NodeSale.newEvent(sale.event, ttlSeconds: 60) else {
            return
        }
        other.bodyHash = 99
        #expect(cluster.answer(to: .createEvent(other)).word == "key reused")
    }

    @Test func anEventOfAnUnknownVenueIsRefused() {
        var (cluster, _) = Self.sale()
        let id = NodeSale(shardCount: 2, key: "elsewhere").event
        guard case .createEvent(var event) = NodeSale.newEvent(id, ttlSeconds: 60) else { return }
        event.venue = VenueID.derived(owner: "organizer", key: "nowhere")
        #expect(cluster.answer(to: .createEvent(event)).word == "no venue")
    }

    @Test func blockedSeatsAreOffSaleUntilTheyAreFreed() {
        var (cluster, sale) = Self.sale()
        let block = WriteOperation.setBlocked(
            event: sale.event, seats: [NodeSale.seat(0)], target: .blocked)
        #expect(cluster.answer(to: block).word == "blocked")
        #expect(
            cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "seats unavailable")
        let free = WriteOperation.setBlocked(
            event: sale.event, seats: [NodeSale.seat(0)], target: .available)
        #expect(cluster.answer(to: free).word == "blocked")
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
    }

    @Test func allSeatsOrNone() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([1], key: "a", number: 1)).word == "held")
        guard
            case .outcome(.refused(.seatsUnavailable(let conflicts, _)))? = cluster.answer(
                to: sale.hold([0, 1, 2], key: "b", number: 2))
        else {
            Issue.record("not refused")
            return
        }
        #expect(conflicts == [SeatConflict(seat: SeatIndex(1), state: .held)])
        #expect(cluster.answer(to: sale.hold([0, 2], key: "c", number: 3)).word == "held")
    }

    @Test func aKeyWithAnotherBodyIsRefused() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 2)).word == "held again")
        #expect(cluster.answer(to: sale.hold([1], key: "k", number: 3)).word == "key reused")
        #expect(
            cluster.answer(to: sale.hold([0], key: "k", ttlSeconds: 60, number: 4)).word
                == "key reused")
        #expect(
            cluster.answer(to: sale.hold([1], user: "v", key: "k", number: 5)).word == "held")
    }

    @Test func aRefusedHoldLeavesNoRecord() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0], key: "a", number: 1)).word == "held")
        #expect(
            cluster.answer(to: sale.hold([0], key: "b", number: 2)).word == "seats unavailable")
        #expect(cluster.answer(to: .releaseHold(sale.holdID(1))).word == "released")
        #expect(cluster.answer(to: sale.hold([0], key: "b", number: 3)).word == "held")
        #expect(cluster.answer(to: sale.hold([0], key: "a", number: 4)).word == "hold released")
    }

    @Test func aTTLOutOfBoundsIsRefused() {
        var (cluster, sale) = Self.sale()
        for seconds in [0, 901] as [UInt32] {
            let answer = cluster.answer(
                to: sale.hold([0], key: "k", ttlSeconds: seconds, number: 1))
            #expect(answer.word == "ttl out of range")
        }
    }

    @Test func aReleaseIsRepeatable() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        #expect(cluster.answer(to: .releaseHold(sale.holdID(1))).word == "released")
        #expect(cluster.answer(to: .releaseHold(sale.holdID(1))).word == "released")
        #expect(cluster.answer(to: .releaseHold(sale.holdID(2))).word == "no hold")
    }

    @Test func aBookedHoldIsNotReleased() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        #expect(
            cluster.answer(to: sale.commit(sale.holdID(1), key: "c", number: 2)).word
                == "order confirmed")
        #expect(cluster.answer(to: .releaseHold(sale.holdID(1))).word == "hold committed")
    }

    @Test func aHoldIsExtendedOnceFromItsPresentEnd() {
        var (cluster, sale) = Self.sale()
        let hold = cluster.answer(to: sale.hold([0], key: "k", number: 1))?.hold
        cluster.run(for: .seconds(5))
        let extended = cluster.answer(to: Self.amend(sale.holdID(1), extend: 30))?.hold
        #expect(extended?.expiresAt == hold.map { $0.expiresAt + .seconds(30) })
        #expect(
            cluster.answer(to: Self.amend(sale.holdID(1), extend: 30)).word == "limit exceeded")
    }

    @Test func anAmendmentWithAKeyIsDoneOnce() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        let amend = Self.amend(sale.holdID(1), extend: 30, key: "x")
        let first = cluster.answer(to: amend)
        let again = cluster.answer(to: amend)
        #expect(again.word == "held again")
        #expect(first?.hold?.expiresAt == again?.hold?.expiresAt)
    }

    @Test func seatsAreDroppedOneByOneAndTheLastReleases() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0, 1], key: "k", number: 1)).word == "held")
        let drop = Self.amend(sale.holdID(1), drop: [NodeSale.seat(0)])
        #expect(cluster.answer(to: drop)?.hold?.seats == [SeatIndex(1)])
        #expect(cluster.answer(to: drop)?.hold?.seats == [SeatIndex(1)])
        #expect(cluster.answer(to: sale.hold([0], key: "l", number: 2)).word == "held")
        let last = Self.amend(sale.holdID(1), drop: [NodeSale.seat(1)])
        #expect(cluster.answer(to: last).word == "released")
        let unknown = Self.amend(sale.holdID(2), drop: ["Z-9"])
        #expect(cluster.answer(to: unknown).word == "unknown seats [0]")
    }

    @Test func aHoldReadsAsItIs() {
        var (cluster, sale) = Self.sale(ttlSeconds: 2)
        let read = Operation.read(.hold(sale.holdID(1)), .linearizable)
        #expect(cluster.answer(to: read, at: NodeID(1)).word == "no hold")
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 1)).word == "held")
        #expect(cluster.answer(to: read, at: NodeID(1)).word == "held")
        cluster.run(for: .seconds(3))
        #expect(cluster.answer(to: read, at: NodeID(1)).word == "expired")
        #expect(cluster.answer(to: sale.hold([0], key: "k", number: 2)).word == "hold expired")
        #expect(
            cluster.answer(to: sale.commit(sale.holdID(1), key: "c", number: 3)).word
                == "hold expired")
        #expect(cluster.provider.log.isEmpty)
    }

    @Test func ordersAreFoundByTheirUser() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([0], user: "ann", key: "k", number: 1)).word == "held")
        #expect(
            cluster.answer(to: sale.commit(sale.holdID(1), key: "c", number: 2)).word
                == "order confirmed")
        guard
            case .orders(let orders)? = cluster.answer(
                to: .read(.orders(user: "ann"), .linearizable), at: NodeID(1))
        else {
            Issue.record("no orders")
            return
        }
        #expect(orders.map(\.id) == [sale.orderID(2)])
        #expect(orders.first?.payments.map(\.status) == [.succeeded])
    }

    @Test func mapsVenuesAndLayoutsAreRead() {
        var (cluster, sale) = Self.sale()
        #expect(cluster.answer(to: sale.hold([3], key: "k", number: 1)).word == "held")
        let node = NodeID(1)
        guard
            case .seatMap(let map)? = cluster.answer(
                to: .read(.seatMap(sale.event), .linearizable), at: node),
            case .outcome(.venue(let venue, _))? = cluster.answer(
                to: .read(.venue(NodeSale.venue), .linearizable), at: node)
        else {
            Issue.record("no map or no venue")
            return
        }
        #expect(map.states.count { $0 == .held } == 1)
        #expect(map.states[3] == .held)
        let layout = Operation.read(.layout(hash: venue.layout.hash), .local)
        #expect(cluster.answer(to: layout, at: node).word == "layout")
        let nowhere = Operation.read(.layout(hash: 1), .local)
        #expect(cluster.answer(to: nowhere, at: node).word == "no venue")
    }
}
