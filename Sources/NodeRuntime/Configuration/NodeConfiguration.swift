package import Primitives
package import Telemetry

/// What a node is told by its configuration file, checked. `cluster-configs/README.md` explains
/// every key; the names here are the keys', with the units in the types.
package struct NodeConfiguration: Hashable, Sendable {
    /// Where it was read from, for errors to name.
    package var file: String
    package var clusterID: ClusterID
    package var nodeID: NodeID
    /// Relative to the process when the configuration's own path is.
    package var dataDirectory: String
    /// `host:port`; port 0 takes any free one.
    package var httpListen: String
    package var raftListen: String
    /// Where clients reach this node: `http://host:port`, without a slash at the end.
    package var httpURL: String
    /// The members at the cluster's birth, this node among them, in the order of the file.
    package var members: [ConfiguredMember]
    package var clusterSecret: ConfiguredSecret
    package var shardCount: Int
    package var elections: ElectionTiming
    package var holds: HoldLimits
    package var reads: ReadLimits
    package var payments: PaymentSettings
    package var queues: QueueLimits
    package var logSegmentBytes: Int
    package var http: HTTPSettings
    package var leaderRouting: LeaderRouting
    /// Whether buyers need no key.
    package var openSales: Bool
    package var apiKeys: [ConfiguredKey]
    package var logLevel: LogLevel

    /// What works but is hardly meant so: for the log at start-up.
    package var warnings: [String] {
        var warnings: [String] = []
        if members.count.isMultiple(of: 2) {
            warnings.append(
                "\(members.count) members survive no more failures than \(members.count - 1) do")
        }
        if !apiKeys.contains(where: { $0.role == .organizer || $0.role == .admin }) {
            warnings.append("no key of role organizer or admin: nobody can create an event")
        }
        return warnings
    }
}

/// Bytes that nobody else may know, at least 16, and the file that holds them.
package struct ConfiguredSecret: Hashable, Sendable {
    package var bytes: [UInt8]
    package var file: String
}

/// A member as every node of the cluster is told of it.
package struct ConfiguredMember: Hashable, Sendable {
    package var id: NodeID
    /// `host:port` for the other nodes.
    package var raftAddress: String
    /// `http://host:port` for clients.
    package var httpURL: String
}

/// Raft paper §5.2 and §5.6: heartbeats must be far more frequent than elections.
package struct ElectionTiming: Hashable, Sendable {
    package var heartbeat: Milliseconds
    package var timeoutMin: Milliseconds
    package var timeoutMax: Milliseconds
}

/// What a hold may be.
package struct HoldLimits: Hashable, Sendable {
    /// For events that set no bounds of their own.
    package var ttlMin: Milliseconds
    package var ttlDefault: Milliseconds
    package var ttlMax: Milliseconds
    /// How long an ended hold and its key are remembered.
    package var replayWindow: Milliseconds
    package var seatsMax: Int
}

/// How old an answer may be.
package struct ReadLimits: Hashable, Sendable {
    package var stalenessMax: Milliseconds
    package var seatMapMaxAge: Milliseconds
}

/// The payment provider and how long a node waits for it.
package struct PaymentSettings: Hashable, Sendable {
    package var provider: PaymentProviderKind
    /// The provider's address: `http://host:port`.
    package var url: String
    /// Signs the provider's webhooks.
    package var webhookSecret: ConfiguredSecret
    package var commitPatience: Milliseconds
    package var deadline: Milliseconds
}

/// The providers that this version speaks to.
package enum PaymentProviderKind: String, CaseIterable, Sendable {
    case simulated
}

/// How much may wait before a node answers 503 `overloaded`.
package struct QueueLimits: Hashable, Sendable {
    /// Requests in the node's mailbox.
    package var requestsMax: Int
    /// Rows on their way to SQLite.
    package var writeBehindRowsMax: Int
    /// Entries proposed and not yet committed.
    package var uncommittedBytesMax: Int
}

/// The HTTP front's size and limits.
package struct HTTPSettings: Hashable, Sendable {
    /// Threads of its own; 0 shares the node's.
    package var loops: Int
    package var connectionsMax: Int
    package var headerBytesMax: Int
    package var urlBytesMax: Int
    package var bodyBytesMax: Int
    /// For venue imports, in place of `bodyBytesMax`.
    package var importBytesMax: Int
    /// From a request's first byte to its last.
    package var requestTimeout: Milliseconds
    /// Between requests on one connection.
    package var idleTimeout: Milliseconds
}

/// What a follower does with a write.
package enum LeaderRouting: String, CaseIterable, Sendable {
    /// Answers 307 with the leader's URL.
    case redirect
    /// Passes the request on over the peer connection.
    case forward
}

/// A key that may call the API.
package struct ConfiguredKey: Hashable, Sendable {
    package var name: String
    /// Of the key's text; the key itself is nowhere in the configuration.
    package var digest: Digest256
    package var role: KeyRole
}

/// What a key may do.
package enum KeyRole: String, CaseIterable, Sendable {
    case buyer
    case organizer
    case `operator`
    case admin
}
