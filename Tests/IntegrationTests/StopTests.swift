import Foundation
import HTTPProtocol
import Primitives
import SystemIO
import Testing

// How a node ends when it is told to.

extension ClusterTests {
    @Suite struct Stopping {
        private static let limit = Milliseconds.seconds(5)

        @Test(arguments: [SIGTERM, SIGINT], HTTPThreads.allCases)
        func handsOverAndEndsInOrder(_ signal: Int32, _ threads: HTTPThreads) throws {
            try withCluster(.three, settings: threads.settings()) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                #expect(try cluster.persist(sale.hold(["S-A-1"], key: "a")).status == 201)
                let process = try cluster.process(leader)
                process.signal(signal)
                #expect(try process.wait(within: Self.limit) == .exited(0))
                #expect(try cluster.messages(of: leader).suffix(1) == ["stopped"])
                #expect(try cluster.messages(of: leader).contains("stopping"))
                // No election timeout had to pass: the successor was told to go ahead.
                let next = try cluster.awaitReady()
                #expect(try cluster.status(next).term == 2)
                #expect(try cluster.persist(sale.hold(["S-A-2"], key: "b")).status == 201)
                try cluster.start(leader)
                try cluster.awaitReady()
                #expect(try sale.taken(at: leader) == ["S-A-1", "S-A-2"])
            }
        }

        /// A leader without followers, with a request whose fate is open.
        private func withABusyLeader(
            _ threads: HTTPThreads, _ body: (TestCluster, Int, () -> Answer?) throws -> Void
        ) throws {
            try withCluster(.three, settings: threads.settings()) { cluster in
                let leader = try cluster.awaitReady()
                let sale = try Sale(in: cluster)
                for follower in cluster.followers(of: leader) { try cluster.pause(follower) }
                var answer: Answer?
                try cluster.client.start(
                    sale.hold(["S-A-1"], key: "k"), to: cluster.files.httpPort(of: leader)
                ) { answer = try? $0.get() }
                #expect(try cluster.send(.get("/healthz"), to: leader).status == 200)
                try body(cluster, leader) {
                    cluster.client.turn()
                    return answer
                }
            }
        }

        @Test(arguments: HTTPThreads.allCases)
        func waitsForWhatIsUnderWayButNotForEver(_ threads: HTTPThreads) throws {
            try withABusyLeader(threads) { cluster, leader, answer in
                let process = try cluster.process(leader)
                process.signal(SIGTERM)
                let told = try eventually("the request is answered", answer)
                #expect([503, 504].contains(told.status))
                #expect(try process.wait(within: Self.limit) == .exited(0))
            }
        }

        @Test(arguments: HTTPThreads.allCases)
        func aSecondInterruptEndsItAtOnce(_ threads: HTTPThreads) throws {
            try withABusyLeader(threads) { cluster, leader, _ in
                let process = try cluster.process(leader)
                process.signal(SIGINT)
                _ = try eventually("it is stopping") {
                    try cluster.messages(of: leader).contains("stopping") ? true : nil
                }
                process.signal(SIGINT)
                #expect(try process.wait(within: .seconds(1)) == .exited(130))
                #expect(try !cluster.messages(of: leader).contains("stopped"))
            }
        }
    }
}
