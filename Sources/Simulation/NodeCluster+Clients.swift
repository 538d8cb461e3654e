import Inventory
package import NodeCore
package import Primitives
import Raft

// What clients do.
extension NodeCluster {
    /// Sends a request to a node; its answer will be in `replies`, unless the node ends first.
    @discardableResult
    package mutating func submit(_ operation: Operation, to id: NodeID) -> RequestID {
        lastRequest += 1
        let request = RequestID(lastRequest)
        history.begins(request, operation, commit: safety.commitIndex)
        let slot = slot(id)
        if machines[slot].core != nil { machines[slot].unanswered.insert(request) }
        happen(
            .requested(
                slot: slot, life: machines[slot].life,
                ClientRequest(id: request, operation: operation)))
        return request
    }

    @discardableResult
    package mutating func submit(_ operation: WriteOperation, to id: NodeID) -> RequestID {
        submit(.write(operation), to: id)
    }

    /// Sends a request and waits for its answer.
    /// - Returns: nil when none came within `span`.
    package mutating func answer(
        to operation: Operation, at id: NodeID, within span: Milliseconds = .seconds(10)
    ) -> Answer? {
        let request = submit(operation, to: id)
        run(atMost: span) { $0.replies[request] != nil }
        return replies[request]?.answer
    }

    /// Sends a write to the leader and waits for its answer.
    package mutating func answer(
        to operation: WriteOperation, within span: Milliseconds = .seconds(10)
    ) -> Answer? {
        guard let leader else { return nil }
        return answer(to: .write(operation), at: leader, within: span)
    }

    /// Runs until a leader has committed in its term.
    /// - Returns: nil when there is none within `span`.
    @discardableResult
    package mutating func elect(within span: Milliseconds = .seconds(5)) -> NodeID? {
        run(atMost: span) { cluster in
            cluster.machines.contains { $0.core?.raft.hasCommittedInTerm == true }
        }
        return leader
    }

    /// Asks for another event, which always succeeds: something for the log.
    @discardableResult
    package mutating func submitEvent(_ number: Int, to id: NodeID) -> RequestID {
        let event = NodeSale(shardCount: shardCount, key: "extra \(number)").event
        return submit(NodeSale.newEvent(event, ttlSeconds: 60), to: id)
    }

    /// Elects a leader and puts an event on sale.
    package mutating func openSale(
        ttlSeconds: UInt32 = 60, onSaleAt: WallTime? = nil
    ) -> NodeSale {
        let sale = NodeSale(shardCount: shardCount)
        elect()
        let venue = answer(to: NodeSale.newVenue)
        let event = answer(
            to: NodeSale.newEvent(sale.event, ttlSeconds: ttlSeconds, onSaleAt: onSaleAt))
        guard case .outcome(.venue(_, _))? = venue, case .outcome(.event(_, _))? = event else {
            invariantFailure("no sale: \(venue as Any), \(event as Any)")
        }
        return sale
    }
}
