import Primitives
import Synchronization

/// How many connections may be open, all servers that share it taken together; for any thread.
package final class ConnectionAllowance: Sendable {
    private let connectionsMax: Int
    private let taken = Atomic(0)

    package init(connectionsMax: Int) {
        invariant(connectionsMax > 0, "an allowance of \(connectionsMax) connections")
        self.connectionsMax = connectionsMax
    }

    /// Whether there is no room for another one.
    var isExhausted: Bool { taken.load(ordering: .relaxed) >= connectionsMax }

    /// Reserves room for one connection. False: there is none.
    func take() -> Bool {
        if taken.add(1, ordering: .relaxed).newValue <= connectionsMax { return true }
        giveBack()
        return false
    }

    func giveBack() { taken.subtract(1, ordering: .relaxed) }
}
