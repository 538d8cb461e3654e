import API
import HTTPProtocol
import HTTPServer
import NodeCore
import Payments
import PeerTransport
import Primitives
import Raft
import SystemIO
import Telemetry
import Wire

/// A node as a process: from its configuration to its orderly end.
package final class NodeProcess {
    private let configuration: NodeConfiguration
    private let log: Log
    private let metrics: NodeMetrics
    private let lock: DirectoryLock
    private let mailboxes: NodeMailboxes
    private let threads: [Thread]
    private let node: Node
    private let signals: SignalReader

    /// Reads a configuration file; the files that it names are opened for reading only.
    package static func configuration(
        file: String
    ) throws(StartError) -> NodeConfiguration {
        do {
            return try NodeConfiguration(file: file) { path throws(DiskError) in
                do throws(SystemError) {
                    return try readFile(path)
                } catch {
                    throw DiskError(operation: "open", path: path, errno: error.errno)
                }
            }
        } catch {
            throw .configuration(error)
        }
    }

    /// Opens everything: the directory, the log, the shards, the ports; starts the threads.
    /// Signals must be blocked already, before any thread was started.
    package init(
        _ configuration: NodeConfiguration, version: String
    ) throws(StartError) {
        self.configuration = configuration
        let directory = DataDirectory(configuration.dataDirectory)
        log = Log(
            level: configuration.logLevel, node: configuration.nodeID,
            now: { SystemClock.wallNow() }, sink: { writeToStandardError($0) })
        metrics = NodeMetrics(routes: NodeConfiguration.routeLabels, version: version)
        for warning in configuration.warnings {
            log.warn("configuration", ["reason": "\(warning)"])
        }
        // The identity first: "not initialised" says more than a lock in a missing directory.
        var disk = PosixDisk()
        _ = try directory.identity(on: &disk)
        do { lock = try DirectoryLock(directory: directory.path) } catch { throw .locked(error) }
        _ = try? ProcessUsage.raiseDescriptorLimit()

        let recovered = try RecoveredNode(directory, configuration)
        do throws(SystemError) {
            signals = try SignalReader()
            mailboxes = try NodeMailboxes()
        } catch {
            throw .system(error)
        }
        node = try Self.assemble(configuration, recovered, mailboxes, log, metrics)
        do throws(SystemError) {
            threads = [
                try LogThread.start(
                    recovered.log, inbox: mailboxes.log, outbox: mailboxes.node,
                    fsync: metrics.walFsync),
                try StorageThread.start(
                    recovered.store, inbox: mailboxes.storage, outbox: mailboxes.node),
            ]
        } catch {
            throw .system(error)
        }
    }

    /// Runs until a signal or a failure ends the node.
    /// - Returns: the process's exit code.
    package func run() -> Int32 {
        log.enter(node.core.raft.term)
        node.countRefundsDue()
        log.info(
            "started",
            [
                "cluster_id": "\(String(configuration.clusterID.rawValue, radix: 16))",
                "http": "\(configuration.httpListen)", "raft": "\(configuration.raftListen)",
                "applied_index": .integer(Int64(node.core.appliedIndex.rawValue)),
            ])
        do {
            try watchSignals()
        } catch {
            log.error("signals can't be read", ["reason": "\(error)"])
            return 1
        }
        let ending = node.run()
        mailboxes.log.close()
        mailboxes.storage.close()
        for thread in threads { thread.join() }
        switch ending {
        case .stopped:
            log.info("stopped")
            return 0
        case .failed:
            log.error("ended by a failure")
            return 1
        }
    }

    /// The first signal stops the node in order; a second interrupt ends the process at once.
    private func watchSignals() throws(SystemError) {
        _ = try node.loop.register(signals.descriptor, for: .read) { [unowned self] _ in
            while let signal = try? signals.next() {
                switch signal {
                case .hangUp: break
                case .terminate: node.stop()
                case .interrupt: interrupt()
                }
            }
        }
    }

    private func interrupt() {
        guard case .running = node.phase else { exitAtOnce(Self.interrupted) }
        node.stop()
    }

    /// What shells report for a process that SIGINT ended.
    private static let interrupted: Int32 = 130
}

// Putting the parts together.
extension NodeProcess {
    private static func assemble(
        _ configuration: NodeConfiguration, _ recovered: borrowing RecoveredNode,
        _ mailboxes: NodeMailboxes, _ log: Log, _ metrics: NodeMetrics
    ) throws(StartError) -> Node {
        let loop: EventLoop
        do { loop = try EventLoop(wakeup: mailboxes.wakeup) } catch { throw .system(error) }
        var random = SecureRandom()
        let now = Instant(monotonic: loop.now, wall: SystemClock.wallNow())
        let core = NodeCore(
            try configuration.coreConfiguration(), inventory: recovered.inventory,
            log: recovered.restored, random: PRNG(seed: random.nextUInt64()), at: now)
        let url = configuration.payments.url.dropFirst("http://".count)
        guard let host = HTTPHost(String(url)) else {
            throw .address(
                key: "payment_provider.url", value: configuration.payments.url,
                reason: "names no host")
        }
        let provider = SimulatedGateway(
            loop: loop, address: try resolve("payment_provider.url", String(url)), host: host)
        let node = Node(
            loop: loop, core: core, log: log, metrics: metrics, mailboxes: mailboxes,
            provider: provider)
        node.attach(
            try mesh(node, configuration, recovered.identity, PRNG(seed: random.nextUInt64())),
            try front(node, configuration, metrics))
        return node
    }

    private static func mesh(
        _ node: Node, _ configuration: NodeConfiguration, _ identity: DirectoryIdentity,
        _ random: PRNG
    ) throws(StartError) -> PeerMesh {
        var peers: [PeerEndpoint] = []
        for member in configuration.members where member.id != configuration.nodeID {
            let address = try resolve("members[].raft_address", member.raftAddress)
            peers.append(PeerEndpoint(node: member.id, address: address))
        }
        let listener = try listen("raft_listen", configuration.raftListen)
        do {
            return try PeerMesh(
                loop: node.loop,
                configuration: PeerMeshConfiguration(
                    identity: identity.node, secret: ClusterSecret(configuration.clusterSecret),
                    peers: peers),
                listener: listener, random: random, receiver: node)
        } catch {
            throw .system(error)
        }
    }

    private static func front(
        _ node: Node, _ configuration: NodeConfiguration, _ metrics: NodeMetrics
    ) throws(StartError) -> Front {
        let front = Front(
            loop: node.loop, configuration: configuration.apiConfiguration, metrics: metrics,
            host: node)
        let listener = try listen("http_listen", configuration.httpListen)
        do {
            front.serve(
                try HTTPServer(
                    loop: node.loop, listener: listener, limits: configuration.serverLimits,
                    service: front))
        } catch {
            throw .system(error)
        }
        return front
    }

    private static func listen(
        _ key: String, _ value: String
    ) throws(StartError) -> ListeningSocket {
        let address = try resolve(key, value)
        do {
            return try ListeningSocket(at: address)
        } catch {
            throw .address(key: key, value: value, reason: "\(error)")
        }
    }

    private static func resolve(
        _ key: String, _ value: String
    ) throws(StartError) -> SocketAddress {
        do {
            guard let address = try SocketAddress.resolve(value).first else {
                throw AddressError.malformed(value)
            }
            return address
        } catch {
            throw .address(key: key, value: value, reason: "\(error)")
        }
    }
}
