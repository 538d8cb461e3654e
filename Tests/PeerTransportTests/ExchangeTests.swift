import Primitives
import Raft
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// What peers that trust each other get across.
struct ExchangeTests {
    @Test func everyFrameArrivesWithItsSenderAndTheSendersClock() throws {
        let nodes = try connectedNodes(2)
        let sent =
            urgentFrames + [append(1, bytes: 100), request(1, bytes: 10), response(2, bytes: 3)]
        let before = SystemClock.wallNow()
        for frame in sent { #expect(nodes[0].send(frame, to: two) == .queued) }
        turn(nodes) { nodes[1].received.count == sent.count }
        let after = SystemClock.wallNow()
        #expect(nodes[1].frames == sent.map(\.label))
        #expect(nodes[1].received.allSatisfy { $0.peer == one })
        #expect(nodes[1].received.allSatisfy { before <= $0.clock && $0.clock <= after })
    }

    @Test func threeNodesReachEachOtherBothWays() throws {
        let nodes = try connectedNodes(3)
        for (place, node) in nodes.enumerated() {
            for peer in [one, two, three] where Int(peer.rawValue) != place + 1 {
                #expect(node.mesh?.isConnected(to: peer) == true)
                #expect(node.send(heartbeat(UInt64(place)), to: peer) == .queued)
            }
        }
        turn(nodes) { nodes.allSatisfy { $0.received.count == 2 } }
        for (place, node) in nodes.enumerated() {
            let expected = (0..<3).filter { $0 != place }.map { heartbeat(UInt64($0)).label }
            #expect(Set(node.frames) == Set(expected))
        }
    }

    @Test func aConnectionTellsThePeersIncarnationBothWays() throws {
        let nodes = try connectedNodes(2)
        #expect(nodes[0].sessions.map(\.peerIncarnation) == [Incarnation(9), Incarnation(9)])
        #expect(nodes[1].sessions.map(\.peerIncarnation) == [Incarnation(8), Incarnation(8)])
        #expect(
            Set(nodes[0].events) == [.connected(two, .sending), .connected(two, .receiving)])
    }

    @Test func framesToAStrangerOrBeforeTheConnectionAreDroppedAndCounted() throws {
        let node = try TestNode()
        try node.start(
            identity(1), peers: [PeerEndpoint(node: two, address: .ipv4(0x7F00_0001, port: 9))],
            at: listener())
        #expect(node.send(heartbeat(1), to: two) == .dropped(.notConnected))
        #expect(node.send(heartbeat(1), to: three) == .dropped(.notConnected))
        #expect(node.counters.framesUnconnected == 2)
        #expect(node.counters.framesSent == 0)
    }

    @Test func countersAgreeOnBothEnds() throws {
        let nodes = try connectedNodes(2)
        for number in 0..<50 { _ = nodes[0].send(heartbeat(UInt64(number)), to: two) }
        turn(nodes) { nodes[1].received.count == 50 }
        #expect(nodes[0].counters.framesSent == 50)
        #expect(nodes[1].counters.framesReceived == 50)
        #expect(nodes[0].counters.bytesSent == nodes[1].counters.bytesReceived)
        #expect(nodes[1].counters.connectionsLost == 0)
    }

    @Test func aMemberThatLeftIsNoLongerDialled() throws {
        let nodes = try connectedNodes(2)
        nodes[0].mesh?.setPeers([])
        #expect(nodes[0].mesh?.isConnected(to: two) == false)
        turn(nodes) { nodes[1].events.contains(.lost(one, .receiving, .closedByPeer)) }
        turn(nodes, for: Milliseconds(60))
        #expect(nodes[1].events.count { $0 == .connected(one, .receiving) } == 1)
        // Its own way here is open: who is a member is not the transport's to judge.
        #expect(nodes[1].send(heartbeat(1), to: one) == .queued)
        turn(nodes) { nodes[0].frames == [heartbeat(1).label] }
    }

    @Test func thousandsOfFramesArriveInOrder() throws {
        let nodes = try connectedNodes(2)
        let count = 5_000
        var next = 0
        turn(nodes) {
            for _ in 0..<100 where next < count {
                #expect(nodes[0].send(append(UInt64(next + 1), bytes: 64), to: two) == .queued)
                next += 1
            }
            return nodes[1].received.count == count
        }
        #expect(nodes[1].frames == (1...count).map { append(UInt64($0), bytes: 64).label })
    }

    @Test func onePeerGetsABoundedShareOfATurn() throws {
        let nodes = try connectedNodes(2)
        for index in 1...20 {
            #expect(nodes[0].send(append(UInt64(index), bytes: 100_000), to: two) == .queued)
        }
        for _ in 0..<4 { nodes[0].turn() }
        var largest: UInt64 = 0
        turn(nodes) {
            let before = nodes[1].counters.bytesReceived
            nodes[1].turn()
            largest = max(largest, nodes[1].counters.bytesReceived - before)
            return nodes[1].received.count == 20
        }
        #expect(largest <= UInt64(FrameHeader.bodyBytesMax))
    }
}
