import HTTPProtocol
import Testing

// `kill -9` of all nodes in the middle of a sale: what was acknowledged is there, nothing else.

extension ClusterTests {
    @Suite struct APowerCut {
        @Test func keepsEveryAcknowledgedHoldAndNoOther() throws {
            try withCluster(.three) { cluster in
                let sale = try Sale(in: cluster, rows: 8, seatsPerRow: 50)
                let rush = Rush(at: sale)
                for acknowledgements in [1, 30, 101] {
                    try rush.run(untilAcknowledged: rush.held.count + acknowledgements)
                    try cluster.kill(cluster.nodes)
                    try rush.awaitSilence()
                    try cluster.startAll()
                    try check(rush, sale)
                }
                #expect(try cluster.digestsWhenEqual(Array(cluster.nodes)).count == 1)
            }
        }

        /// Every acknowledged hold is there with its seats; any other seat that is taken belongs
        /// to an attempt that got no answer, whose retry then gets that hold.
        private func check(_ rush: Rush, _ sale: Sale) throws {
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
            for attempt in rush.unanswered {
                let retry = try sale.cluster.persist(attempt.call(sale))
                let wasHeld = retry.header("Idempotent-Replayed") == "true"
                let seats = Set(attempt.seats)
                switch retry.status {
                case 201:
                    #expect(wasHeld == seats.isSubset(of: taken), "\(attempt) \(retry.text)")
                    rush.settle(attempt, retry)
                case 409:
                    // Taken before the cut, or by an earlier retry.
                    let gone = taken.union(rush.held.keys.flatMap(\.seats))
                    #expect(!seats.isDisjoint(with: gone), "\(attempt) \(retry.text)")
                    rush.settle(attempt, retry)
                default:
                    Issue.record("\(attempt): \(retry.text)")
                }
            }
            let seats = rush.held.keys.flatMap(\.seats)
            #expect(Set(seats).count == seats.count)
            #expect(try sale.taken(at: node) == Set(seats))
        }
    }
}
