import NodeCore
import Primitives
import Raft
import SeatStore
import SystemIO
import Telemetry

/// A node as a process: from its configuration to its orderly end.
package final class NodeProcess {
    private let log: Log
    private let lock: DirectoryLock
    private let mailboxes: NodeMailboxes
    private let threads: [Thread]
    private let node: Node
    private let addresses: (http: SocketAddress, raft: SocketAddress)
    private let configuration: NodeConfiguration
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

    /// Opens everything, in this order: the directory, the shards, the log, the ports; then starts
    /// the threads. Call it on the main thread, before any other starts.
    package init(
        _ configuration: NodeConfiguration, version: String
    ) throws(StartError) {
        self.configuration = configuration
        log = Log(
            level: configuration.logLevel, node: configuration.nodeID,
            now: { SystemClock.wallNow() }, sink: { writeToStandardError($0) })
        Self.warn(of: configuration, log)
        _ = try? ProcessUsage.raiseDescriptorLimit()
        let directory = DataDirectory(of: configuration)
        // The identity first: "holds no node" says more than a lock in a missing directory.
        let identity = try directory.identity()
        lock = try directory.lock()
        // Until all of it is read, a signal ends the process at once: nothing was promised yet.
        let recovered = try RecoveredNode(directory, identity)
        StopSignal.block()
        do throws(SystemError) {
            signals = try SignalReader()
            mailboxes = try NodeMailboxes(
                requestsMax: configuration.queues.requestsMax,
                loopCount: configuration.http.loops)
        } catch {
            throw .system(error)
        }
        let metrics = NodeMetrics(
            routes: NodeConfiguration.routeLabels,
            shards: recovered.identity.store.shards.map(\.name), version: version)
        let product = try NodeAssembly(configuration, mailboxes, log, metrics)
            .node(from: recovered)
        node = product.node
        addresses = (product.http, product.raft)
        do throws(SystemError) {
            var threads = [
                try LogThread.start(
                    recovered.log, inbox: mailboxes.log, outbox: mailboxes.node,
                    metrics: metrics.storage),
                try StorageThread.start(
                    recovered.store, inbox: mailboxes.storage, outbox: mailboxes.node,
                    metrics: metrics.storage),
            ]
            for (place, loop) in product.loops.enumerated() {
                threads.append(try HTTPLoop.start(place + 1, loop))
            }
            self.threads = threads
        } catch {
            throw .system(error)
        }
    }

    private static func warn(of configuration: NodeConfiguration, _ log: Log) {
        for warning in configuration.warnings {
            log.warn("configuration", ["reason": "\(warning)"])
        }
        for secret in [configuration.clusterSecret, configuration.payments.webhookSecret]
        where (try? FileAccess.isOpenToAll(secret.file)) == true {
            log.warn(
                "secret is readable by every user of this machine", ["file": "\(secret.file)"])
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
                "cluster_id": "\(configuration.clusterID.hex)", "http": "\(addresses.http)",
                "raft": "\(addresses.raft)",
                "applied_index": .integer(Int64(node.core.appliedIndex.rawValue)),
            ])
        do {
            try watchSignals()
        } catch {
            log.error("signals can't be read", ["reason": "\(error)"])
            return 1
        }
        let ending = node.run()
        // What is left is short, unless a disk hangs: then one more signal ends the process.
        StopSignal.unblock()
        mailboxes.close()
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
