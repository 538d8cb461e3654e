package import Inventory
package import Primitives

/// Everything that the HTTP contract leaves to the operator, with the contract's own figures as
/// defaults.
package struct APIConfiguration: Sendable {
    /// This node.
    package var node: NodeID
    /// The cluster's id as operators see it.
    package var clusterID: String
    /// Every member, this node included.
    package var members: [MemberAddress]
    /// Shards of the inventory, fixed for the cluster's life: 1…64.
    package var shardCount: Int
    package var leaderRouting: LeaderRouting = .redirect
    package var keys: [APIKey] = []
    package var sales: SalesAccess = .keyed
    package var monitoring: MonitoringAccess = .open
    /// Of an ordinary request, in bytes.
    package var bodyBytesMax: Int = 64 * 1_024
    /// Of a venue import, in bytes.
    package var venueBodyBytesMax: Int = 16 * 1_024 * 1_024
    /// Seat ids in one request, at least 1.
    package var seatsPerRequestMax: Int = 10
    /// What an event gets that asks for no TTL bounds; `minSeconds` and `maxSeconds` are also
    /// the widest bounds that an event may ask for.
    package var holdTTL = HoldTTL(minSeconds: 1, defaultSeconds: 600, maxSeconds: 900)
    /// A node that is staler isn't ready.
    package var stalenessMax: Milliseconds = .seconds(5)
    /// How long a seat map may be kept by caches: 5…15.
    package var seatMapMaxAgeSeconds: Int = 5
    /// How long after that it may be shown while a newer one is fetched.
    package var seatMapStaleSeconds: Int = 10
    /// An event's map is rendered at most once in this time.
    package var seatMapInterval: Milliseconds = Milliseconds(100)
    /// Events whose rendered maps are kept.
    package var seatMapsCachedMax: Int = 32
    package var webhookSecrets: [WebhookSecret] = []

    package init(node: NodeID, clusterID: String, members: [MemberAddress], shardCount: Int) {
        self.node = node
        self.clusterID = clusterID
        self.members = members
        self.shardCount = shardCount
    }

    /// The member with this id; nil for none of ours.
    package func member(_ id: NodeID) -> MemberAddress? { members.first { $0.id == id } }
}

/// Where a member of the cluster is reached.
package struct MemberAddress: Hashable, Sendable {
    package var id: NodeID
    /// Scheme, host and port, such as `http://127.0.0.1:8101`, without a slash at the end.
    package var httpURL: String
    /// Host and port of its Raft listener.
    package var raftAddress: String
    package init(id: NodeID, httpURL: String, raftAddress: String) {
        self.id = id
        self.httpURL = httpURL
        self.raftAddress = raftAddress
    }
}

/// What a node that doesn't lead does with a write.
package enum LeaderRouting: Hashable, Sendable {
    /// 307 with the leader's URL.
    case redirect
    /// Sends it on over the peer connection: for clusters behind a load balancer.
    case forward
}

/// Whether buyers need a key.
package enum SalesAccess: Hashable, Sendable {
    case open
    case keyed
}

/// Whether health, metrics and cluster status need a key (an operator's).
package enum MonitoringAccess: Hashable, Sendable {
    case open
    case keyed
}

/// What a payment provider signs its webhooks with.
package struct WebhookSecret: Hashable, Sendable {
    /// As in the webhook's path.
    package var provider: String
    package var secret: [UInt8]
    package init(provider: String, secret: [UInt8]) {
        self.provider = provider
        self.secret = secret
    }
}
