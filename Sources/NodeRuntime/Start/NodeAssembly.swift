import API
import HTTPProtocol
import HTTPServer
import NodeCore
import Payments
import PeerTransport
import Primitives
import SystemIO
import Telemetry
import Wire

/// Puts a node's parts together, and takes the addresses that its configuration names.
struct NodeAssembly {
    private let configuration: NodeConfiguration
    private let mailboxes: NodeMailboxes
    private let log: Log
    private let metrics: NodeMetrics
    private let random: PRNG

    init(
        _ configuration: NodeConfiguration, _ mailboxes: NodeMailboxes, _ log: Log,
        _ metrics: NodeMetrics
    ) {
        self.configuration = configuration
        self.mailboxes = mailboxes
        self.log = log
        self.metrics = metrics
        var random = SecureRandom()
        self.random = PRNG(seed: random.nextUInt64())
    }

    /// A node, its HTTP loops, and where it listens.
    struct Product {
        let node: Node
        let loops: [HandOver<HTTPLoop>]
        let http: SocketAddress
        let raft: SocketAddress
    }

    /// The node; it listens, and serves from its first turn on.
    func node(from recovered: borrowing RecoveredNode) throws(StartError) -> Product {
        let loop: EventLoop
        do { loop = try EventLoop(wakeup: mailboxes.wakeup) } catch { throw .system(error) }
        var random = random
        let core = NodeCore(
            configuration.coreConfiguration, inventory: recovered.inventory,
            log: recovered.restored, random: PRNG(seed: random.next()),
            at: Instant(monotonic: loop.now, wall: SystemClock.wallNow()))
        let node = Node(
            loop: loop, core: core, log: log, metrics: metrics, mailboxes: mailboxes,
            provider: try provider(loop))
        let peers = PeerMeshConfiguration(
            identity: recovered.identity.node,
            secret: ClusterSecret(configuration.clusterSecret.bytes), peers: try peers())
        let raft = try listen("raft_listen", configuration.raftListen)
        let http = try listen("http_listen", configuration.httpListen)
        let addresses = (http: http.address, raft: raft.address)
        let front = Front(
            number: 0, loop: loop, configuration: configuration.apiConfiguration,
            metrics: metrics, host: node)
        front.serve(node)
        var loops: [HandOver<HTTPLoop>] = []
        do throws(SystemError) {
            if configuration.http.loops == 0 {
                front.serve(
                    try HTTPServer(
                        loop: loop, listener: http, limits: configuration.serverLimits,
                        service: front))
            } else {
                loops = try HTTPLoop.all(
                    of: configuration, mailboxes, listener: http, metrics: metrics)
            }
            let mesh = try PeerMesh(
                loop: loop, configuration: peers, listener: raft, random: random, receiver: node)
            node.attach(mesh, front, loops: mailboxes.loops.map { FrontLink($0.inbox) })
        } catch {
            throw .system(error)
        }
        return Product(node: node, loops: loops, http: addresses.http, raft: addresses.raft)
    }

    private func provider(_ loop: EventLoop) throws(StartError) -> SimulatedGateway {
        let (key, text) = ("payment_provider.url", configuration.payments.url)
        guard let url = HTTPURL(text), url.scheme == .http else {
            throw configuration.unusable(key, text, "is no address that this node can call")
        }
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        let address = try resolve(key, "\(host):\(url.port)")
        return SimulatedGateway(loop: loop, address: address, host: url.authority)
    }

    private func peers() throws(StartError) -> [PeerEndpoint] {
        var peers: [PeerEndpoint] = []
        for (position, member) in configuration.members.enumerated()
        where member.id != configuration.nodeID {
            let address = try resolve("members[\(position)].raft_address", member.raftAddress)
            peers.append(PeerEndpoint(node: member.id, address: address))
        }
        return peers
    }

    private func listen(_ key: String, _ value: String) throws(StartError) -> ListeningSocket {
        let address = try resolve(key, value)
        do {
            return try ListeningSocket(at: address)
        } catch {
            throw configuration.unusable(key, value, "\(error)")
        }
    }

    private func resolve(_ key: String, _ value: String) throws(StartError) -> SocketAddress {
        do {
            guard let address = try SocketAddress.resolve(value).first else {
                throw AddressError.malformed(value)
            }
            return address
        } catch {
            throw configuration.unusable(key, value, "\(error)")
        }
    }
}
