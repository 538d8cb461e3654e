import API
import HTTPProtocol
import NodeCore
import Primitives
import Testing

@testable import NodeRuntime

/// Requests told apart by the number of a forward.
private final class Table {
    private var pending: PendingRequests

    init(front: Int) { pending = PendingRequests(front: front) }

    func insert(
        _ number: UInt64, _ waiting: PendingRequest.Waiting = .forCore
    ) throws -> RequestID {
        var parser = RequestParser()
        parser.receive(Array("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let gateway = Gateway(
            APIConfiguration(node: NodeID(1), clusterID: "c", members: [], shardCount: 1))
        guard case .head(let head) = parser.next(),
            case .admitted(let exchange, _) = gateway.admit(head, random: { 1 })
        else { throw HTTPParseError.missingHost }
        return pending.insert(
            PendingRequest(
                exchange: exchange, origin: .peer(NodeID(1), forward: number), body: [],
                startedAt: .zero, waiting: waiting))
    }

    func remove(_ id: RequestID) -> UInt64? { number(pending.remove(id)) }

    func removeAll(where fits: (PendingRequest.Waiting) -> Bool) -> [UInt64?] {
        pending.removeAll { fits($0.waiting) }.map(number)
    }

    private func number(_ request: PendingRequest?) -> UInt64? {
        guard case .peer(_, let forward)? = request?.origin else { return nil }
        return forward
    }
}

@Suite struct RequestsUnderWay {
    @Test(arguments: [0, 1, 64])
    func areFoundByIdsThatNameTheirFront(_ front: Int) throws {
        let table = Table(front: front)
        let ids = try (0..<100).map { try table.insert($0) }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.front == front })
        for (place, id) in ids.enumerated().reversed() {
            #expect(table.remove(id) == UInt64(place))
            #expect(table.remove(id) == nil)
        }
    }

    @Test func anIdIsNotTheNextOnesInItsPlace() throws {
        let table = Table(front: 3)
        var earlier: [RequestID] = []
        for round in 0..<50 as Range<UInt64> {
            let id = try table.insert(round)
            #expect(!earlier.contains(id))
            #expect(earlier.allSatisfy { table.remove($0) == nil })
            #expect(table.remove(id) == round)
            earlier.append(id)
        }
    }

    @Test func anotherFrontsIdNamesNothing() throws {
        let (table, other) = (Table(front: 1), Table(front: 2))
        let id = try table.insert(1)
        #expect(other.remove(id) == nil)
        let same = try other.insert(2)
        #expect(same != id)
        #expect(table.remove(same) == nil)
        #expect(table.remove(RequestID(.max)) == nil)
        #expect(table.remove(id) == 1)
    }

    @Test func thoseThatWaitForOneLeaderAreTakenOutTogether() throws {
        let table = Table(front: 0)
        let deadline = MonotonicTime(nanoseconds: 5)
        let ids = try (0..<6 as Range<UInt64>).map { place in
            let leader = NodeID(UInt16(place % 2))
            return try table.insert(
                place, place < 4 ? .forLeader(leader, until: deadline) : .forCore)
        }
        let gone = table.removeAll { waiting in
            guard case .forLeader(let leader, _) = waiting else { return false }
            return leader == NodeID(1)
        }
        #expect(gone == [1, 3])
        #expect(ids.map { table.remove($0) } == [0, nil, 2, nil, 4, 5])
    }
}
