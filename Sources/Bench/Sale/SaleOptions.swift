import Primitives
import SystemIO

/// What `holdfast-bench sale` is told.
struct SaleOptions: Hashable, Sendable {
    var nodes = ClusterNodes.local
    /// Holds an administrator's key.
    var keyFile = AdminKey.localFile
    /// The simulated payment provider, whose charges are counted at the end.
    var provider = SocketAddress.ipv4(0x7F00_0001, port: 10_100)
    var stadium = Stadium.full
    /// Buyers at the same time, each with a connection of its own.
    var buyers = 320
    /// A buyer with a hold thinks for up to this long.
    var thinkMax = Milliseconds(50)
    var holdTTL = Milliseconds.seconds(4)
    /// Decides what every buyer wants. What they get depends on time as well.
    var seed: UInt64 = 1
    /// Takes the sold share in thousandths, four digits and a line feed, as the sale goes on.
    var progressFile: String?
    /// The sale and its audit must be over by then.
    var limit = Milliseconds.seconds(480)

    /// Refunds are made after the orders are cancelled, and are tried again when they fail.
    var refundsLimit = Milliseconds.seconds(30)

    /// So many people share the visits, so that a person has several orders.
    var userCount: Int { max(stadium.seatCount / 20, 10) }
}
