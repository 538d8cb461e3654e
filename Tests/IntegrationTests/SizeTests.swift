import HTTPProtocol
import Testing

// One node and five nodes work as three do.

extension ClusterTests {
    @Suite struct EverySize {
        @Test(arguments: [ClusterSize.one, .three, .five])
        func sellsAndRemembers(_ size: ClusterSize) throws {
            try withCluster(size) { cluster in
                let sale = try Sale(in: cluster)
                var holds: [String] = []
                for node in cluster.nodes {
                    let hold = try cluster.persist(
                        sale.hold(["S-A-\(node)", "S-B-\(node)"], key: "k\(node)"),
                        startingAt: node)
                    #expect(hold.status == 201, "\(hold.text)")
                    holds.append(try #require(hold["hold_id"]?.text))
                }
                try cluster.kill(cluster.nodes)
                try cluster.startAll()
                for (node, hold) in zip(cluster.nodes, holds) {
                    let answer = try cluster.send(sale.read(hold), to: node)
                    #expect(answer.status == 200)
                    #expect(answer["status"]?.text == "held")
                }
                let expected = Set(cluster.nodes.flatMap { ["S-A-\($0)", "S-B-\($0)"] })
                for node in cluster.nodes { #expect(try sale.taken(at: node) == expected) }
                #expect(try cluster.digestsWhenEqual(cluster.runningNodes).count == 1)
            }
        }
    }
}
