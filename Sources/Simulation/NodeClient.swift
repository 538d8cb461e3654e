package import Inventory
import NodeCore
import Primitives

/// A buyer: asks for one thing at a time of any node, and asks again with the same key when it
/// can't know what became of it.
package struct NodeClient {
    /// What it wants; each try carries random bits of its own.
    private enum Wish {
        case hold(seats: [Int], key: String, ttlSeconds: UInt32)
        case commit(HoldID, key: String, token: String)
        case release(HoldID)
        case amend(HoldID, extendSeconds: UInt32?, drop: Int?)
        case read(HoldID)
        case cancel(OrderID)
    }

    private struct Try {
        var wish: Wish
        var request: RequestID
        var sentAt: Int64
        var count = 1
    }

    private static let triesMax = 6
    private static let patienceMilliseconds: Int64 = 900

    private let number: Int
    private let sale: NodeSale
    private var trying: Try?
    private var lastKey = 0
    private var lastBits = 0
    private var holds: [HoldID] = []
    private var orders: [OrderID] = []
    /// Of each key, the hold that it was told to be its own.
    package private(set) var holdsByKey: [String: Set<HoldID>] = [:]

    init(_ number: Int, _ sale: NodeSale) {
        self.number = number
        self.sale = sale
    }

    mutating func step(_ cluster: inout NodeCluster, _ random: inout PRNG) {
        guard let attempt = trying else {
            if random.next(below: 3) == 0 { send(wish(&random), 1, &cluster, &random) }
            return
        }
        if let reply = cluster.replies[attempt.request] {
            trying = nil
            learn(reply.answer, attempt, &cluster, &random)
        } else if cluster.milliseconds - attempt.sentAt > Self.patienceMilliseconds {
            trying = nil
            again(attempt, &cluster, &random)
        }
    }

    private mutating func again(
        _ attempt: Try, _ cluster: inout NodeCluster, _ random: inout PRNG
    ) {
        guard attempt.count < Self.triesMax else { return }
        send(attempt.wish, attempt.count + 1, &cluster, &random)
    }

    private mutating func send(
        _ wish: Wish, _ count: Int, _ cluster: inout NodeCluster, _ random: inout PRNG
    ) {
        let ids = cluster.ids
        let any = ids[random.next(in: 0...(ids.count - 1))]
        // Mostly whom a redirect would name; sometimes one that only believes to lead.
        let node = random.next(below: 4) == 0 ? any : cluster.leader ?? any
        lastBits += 1
        let request = cluster.submit(operation(wish, lastBits * 100 + number), to: node)
        trying = Try(wish: wish, request: request, sentAt: cluster.milliseconds, count: count)
    }

    private func operation(_ wish: Wish, _ bits: Int) -> Operation {
        switch wish {
        case .hold(let seats, let key, let ttl):
            .write(
                sale.hold(seats, user: "u\(number)", key: key, ttlSeconds: ttl, number: bits))
        case .commit(let hold, let key, let token):
            .write(sale.commit(hold, key: key, token: token, number: bits))
        case .release(let hold):
            .write(.releaseHold(hold))
        case .amend(let hold, let extend, let drop):
            .write(
                .amendHold(
                    HoldAmendment(
                        hold: hold, extendSeconds: extend,
                        releaseSeats: drop.map { [NodeSale.seat($0)] } ?? [], key: nil)))
        case .read(let hold):
            .read(.hold(hold), .linearizable)
        case .cancel(let order):
            .write(.cancelOrder(order, refundBits: NodeSale.bits(bits)))
        }
    }

    private mutating func learn(
        _ answer: Answer, _ attempt: Try, _ cluster: inout NodeCluster, _ random: inout PRNG
    ) {
        switch answer {
        case .outcomeUnknown, .notLeader, .unavailable:
            again(attempt, &cluster, &random)
        case .outcome(.hold(let hold, _)):
            guard case .hold(_, let key, _) = attempt.wish else { return }
            holdsByKey[key, default: []].insert(hold.id)
            if !holds.contains(hold.id) { holds.append(hold.id) }
        case .outcome(.order(let order, _)), .paymentUnderWay(let order):
            if !orders.contains(order.id) { orders.append(order.id) }
        case .outcome, .events, .layout, .seatMap, .orders, .status, .unknownSeats,
            .transferRefused:
            break
        }
    }

    private mutating func wish(_ random: inout PRNG) -> Wish {
        let hold = holds.suffix(4).randomElement(&random)
        switch (random.next(below: 20), hold) {
        case (8...12, let hold?):
            let tokens = [
                "tok_visa", "tok_visa", "tok_declined", "tok_slow_100", "tok_slow_1000",
                "tok_never",
            ]
            lastKey += 1
            return .commit(
                hold, key: "c\(number).\(lastKey)", token: tokens[random.next(in: 0...5)])
        case (13...14, let hold?):
            return .release(hold)
        case (15, let hold?):
            return .amend(hold, extendSeconds: 1, drop: nil)
        case (16...18, let hold?):
            return .read(hold)
        case (19, _):
            if let order = orders.suffix(4).randomElement(&random) { return .cancel(order) }
        default: break
        }
        lastKey += 1
        let first = random.next(in: 0...(NodeSale.seatCount - 3))
        let seats = Array(first..<(first + random.next(in: 1...3)))
        return .hold(
            seats: seats, key: "h\(number).\(lastKey)", ttlSeconds: UInt32(random.next(in: 1...2)))
    }
}

extension ArraySlice {
    fileprivate func randomElement(_ random: inout PRNG) -> Element? {
        isEmpty ? nil : self[startIndex + random.next(in: 0...(count - 1))]
    }
}
