import Primitives
import SystemIO

/// What `holdfast-bench holds` is told.
struct HoldsOptions: Hashable, Sendable {
    enum Length: Hashable, Sendable {
        /// So many seconds, after a second that warms up and is not counted.
        case seconds(Int)
        /// So many holds, from the first request to the last answer.
        case holds(Int)
    }

    var nodes = ClusterNodes.local
    /// Holds an organizer's key.
    var keyFile = AdminKey.localFile
    var connections = 64
    var length = Length.seconds(10)

    /// Processes whose use of the processor is measured along, such as the nodes.
    var watched: [ProcessNumber] = []

    static var warmUpSeconds: Int { 1 }
    /// What seats are kept ready for: faster than the machine that this was written on.
    static var holdsPerSecondMax: Int { 40_000 }

    /// The holds to keep seats ready for.
    var holdsMax: Int {
        switch length {
        case .seconds(let seconds): (seconds + Self.warmUpSeconds) * Self.holdsPerSecondMax
        case .holds(let count): count
        }
    }
}
