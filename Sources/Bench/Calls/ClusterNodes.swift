import Primitives
import SystemIO

/// Which node, by its place in the list that the program was given.
struct NodePlace: Hashable, Sendable {
    var rawValue: Int
    init(_ rawValue: Int) { self.rawValue = rawValue }
}

/// The nodes and who seems to lead them. Every caller learns from what one of them was told.
final class ClusterNodes {
    let addresses: [SocketAddress]
    /// Where writes go now.
    private(set) var leader = NodePlace(0)
    /// How often calls did not get their answer at the first try.
    var tally = CallTally()

    init(_ addresses: [SocketAddress]) {
        invariant(!addresses.isEmpty, "a cluster without nodes")
        self.addresses = addresses
    }

    /// Where `scripts/cluster up` puts three nodes unless it is told otherwise.
    static var local: [SocketAddress] { (8_101...8_103).map { .ipv4(0x7F00_0001, port: $0) } }

    /// Every node.
    var places: [NodePlace] { addresses.indices.map(NodePlace.init) }

    /// A node's address.
    func address(of node: NodePlace) -> SocketAddress { addresses[node.rawValue] }

    /// A node gave this `Location`. One that names no node of ours changes nothing.
    func believe(location: String) {
        let scheme = "http://"
        guard location.hasPrefix(scheme) else { return }
        let authority = location.dropFirst(scheme.count).prefix { $0 != "/" }
        guard let address = SocketAddress(String(authority)),
            let place = addresses.firstIndex(of: address)
        else { return }
        leader = NodePlace(place)
    }

    /// The node did not lead when it was asked: the next one is asked from now on, unless somebody
    /// has found out better meanwhile.
    func doubt(_ node: NodePlace) {
        guard leader == node else { return }
        leader = NodePlace((node.rawValue + 1) % addresses.count)
    }
}

/// How often calls did not get their answer at the first try, by reason.
struct CallTally: Hashable, Sendable {
    /// 307: another node leads.
    var redirected = 0
    /// 503 or 429: nothing was done.
    var unavailable = 0
    /// 504: whether it was done is not known.
    var outcomeUnknown = 0
    /// The connection broke, or no answer came in time: not known either.
    var lost = 0
    /// There was no connection to be had.
    var refused = 0

    /// Takes note of an attempt that was not the last.
    mutating func count(_ result: AttemptResult) {
        switch result {
        case .status(307): redirected += 1
        case .status(504): outcomeUnknown += 1
        case .status: unavailable += 1
        case .unreachable: refused += 1
        case .lost: lost += 1
        }
    }
}
