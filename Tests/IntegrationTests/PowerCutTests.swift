import HTTPProtocol
import Testing

// `kill -9` of all nodes in the middle of a sale: what was acknowledged is there, nothing else.

extension ClusterTests {
    @Suite struct APowerCut {
        @Test(arguments: HTTPThreads.allCases)
        func keepsEveryAcknowledgedHoldAndOrderAndNoOther(_ threads: HTTPThreads) throws {
            try withCluster(.three, settings: threads.settings()) { cluster in
                try cluster.startProvider()
                let sale = try Sale(in: cluster, rows: 8, seatsPerRow: 50)
                let rush = Rush(at: sale)
                for acknowledgements in [1, 30, 101] {
                    try rush.run(untilAcknowledged: rush.held.count + acknowledgements)
                    try cluster.kill(cluster.nodes)
                    try rush.awaitSilence()
                    // The power goes again while the nodes elect.
                    try startAndCut(cluster)
                    try cluster.startAll()
                    try checkHolds(rush, sale)
                    try checkOrders(rush, sale)
                }
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
                for node in cluster.nodes {
                    let metrics = try cluster.send(.get("/metrics"), to: node)
                    #expect(metrics.text.contains("\nholdfast_oversell_total 0\n"))
                }
            }
        }

        private func startAndCut(_ cluster: TestCluster) throws {
            func starts() throws -> Int {
                try cluster.nodes.map { node in
                    try cluster.messages(of: node).count { $0 == "started" }
                }.reduce(0, +)
            }
            let before = try starts()
            for node in cluster.nodes { try cluster.start(node) }
            _ = try eventually("a node has started") { try starts() > before ? true : nil }
            try cluster.kill(cluster.nodes)
        }

        /// Every acknowledged hold is there with its seats; any other seat that is taken belongs
        /// to an attempt that got no answer, whose retry then gets that hold.
        private func checkHolds(_ rush: Rush, _ sale: Sale) throws {
            let node = try #require(sale.cluster.runningNodes.randomElement())
            let taken = try sale.taken(at: node)
            for (attempt, hold) in rush.held {
                #expect(Set(attempt.seats).isSubset(of: taken))
                let answer = try sale.cluster.send(sale.read(hold), to: node)
                #expect(answer.status == 200, "\(answer.text)")
                #expect(answer["client_reservation_id"]?.text == attempt.key)
            }
            let acknowledged = Set(rush.held.keys.flatMap(\.seats))
            #expect(taken.subtracting(acknowledged).isSubset(of: rush.unanswered.flatMap(\.seats)))
            for attempt in rush.unanswered { try retry(attempt, rush, sale, takenBefore: taken) }
            let seats = rush.held.keys.flatMap(\.seats)
            #expect(Set(seats).count == seats.count)
            #expect(try sale.taken(at: node) == Set(seats))
        }

        private func retry(
            _ attempt: Rush.Attempt, _ rush: Rush, _ sale: Sale, takenBefore taken: Set<String>
        ) throws {
            let answer = try sale.cluster.persist(attempt.call(sale))
            switch answer.status {
            case 201:
                let wasHeld = answer.header("Idempotent-Replayed") == "true"
                let isHeld = Set(attempt.seats).isSubset(of: taken)
                #expect(wasHeld == isHeld, "\(attempt) \(answer.text)")
            case 409:
                // Taken before the cut, or by an earlier retry.
                let gone = taken.union(rush.held.keys.flatMap(\.seats))
                #expect(!gone.isDisjoint(with: attempt.seats), "\(attempt) \(answer.text)")
            default:
                Issue.record("\(attempt): \(answer.text)")
            }
            rush.settle(attempt, answer)
        }

        /// Every acknowledged order stands; a commit without an answer comes to one order when it
        /// is tried again; and the provider has taken the money once for each.
        private func checkOrders(_ rush: Rush, _ sale: Sale) throws {
            let cluster = sale.cluster
            for hold in rush.unpaid {
                let order = try eventually("the commit of \(hold) is settled") {
                    let answer = try cluster.persist(rush.commit(of: hold))
                    return answer.status == 200 ? answer["order_id"]?.text : nil
                }
                rush.settle(commitOf: hold, order: order)
            }
            let node = try #require(cluster.runningNodes.randomElement())
            let letters = try sale.seatsNow(at: node)
            for (attempt, hold) in rush.held {
                let order = rush.orders[hold]
                for seat in attempt.seats {
                    #expect(letters[seat] == (order == nil ? "H" : "B"), "\(attempt)")
                }
                guard let order else { continue }
                let answer = try cluster.send(sale.order(order), to: node)
                #expect(answer["status"]?.text == "confirmed", "\(answer.text)")
                #expect(answer["hold_id"]?.text == hold)
            }
            let charges = try cluster.charges()
            #expect(charges.count == rush.orders.count)
            let paid = rush.held.filter { rush.orders[$0.value] != nil }.keys.flatMap(\.seats)
            let taken = charges.compactMap { $0["amount"]?.integer }.reduce(0, +)
            #expect(taken == Int64(paid.count * Sale.price))
        }
    }
}
