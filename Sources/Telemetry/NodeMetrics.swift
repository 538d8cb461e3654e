/// Every metric of a node, by name. Threads keep what they count in a constant of their own, so
/// that counting is one atomic add.
package struct NodeMetrics: Sendable {
    package let httpRequests: RequestDurations
    package let httpConnections: Gauge
    package let holds: Labeled<HoldOutcome, Counter>
    package let commits: Labeled<CommitOutcome, Counter>
    package let activeHolds: Gauge
    package let oversells: Counter
    package let paymentAttempts: Labeled<PaymentOutcome, Counter>
    package let paymentMismatches: Counter
    package let refundsDue: Gauge
    package let webhooksUnmatched: Counter
    package let raftTerm: Gauge
    package let raftCommitIndex: Gauge
    package let raftAppliedIndex: Gauge
    package let raftLeaderChanges: Counter
    /// 1 on the leader, 0 elsewhere.
    package let raftIsLeader: Gauge
    package let queueDepth: Labeled<QueueName, Gauge>
    package let storage: StorageMetrics
    package let peers: PeerMetrics

    private let registry: MetricsRegistry

    /// `routes` are the HTTP front's operations, in the order by which it numbers them; `shards`
    /// are the shards' names, in the seat store's order.
    package init(routes: [RouteLabels], shards: [String], version: String) {
        var registry = MetricsRegistry()
        registry.info(
            "build_info", "What this node runs.", labels: [MetricLabelPair("version", version)])
        httpRequests = RequestDurations(routes: routes, in: &registry)
        httpConnections = registry.gauge("http_connections", "Open client connections.")
        holds = registry.counters(
            "holds_total", "Answers to requests for a hold.", by: HoldOutcome.self)
        commits = registry.counters(
            "commits_total", "Answers to commits of a hold.", by: CommitOutcome.self)
        activeHolds = registry.gauge(
            "active_holds", "Holds that fence seats now: held, or with a payment pending.")
        oversells = registry.counter(
            "oversell_total", "Rows of the store that disagreed with memory. Must stay 0.")
        paymentAttempts = registry.counters(
            "payment_attempts_total", "Payment attempts that ended.", by: PaymentOutcome.self)
        paymentMismatches = registry.counter(
            "payment_mismatches_total",
            "Payments under our ids with another amount or currency at the provider. Must stay 0.")
        refundsDue = registry.gauge(
            "refunds_due", "Refunds that the provider has not confirmed yet.")
        webhooksUnmatched = registry.counter(
            "webhooks_unmatched_total", "Genuine webhooks that name no attempt known here.")
        raftTerm = registry.gauge("raft_term", "The current Raft term.")
        raftCommitIndex = registry.gauge("raft_commit_index", "The last entry known committed.")
        raftAppliedIndex = registry.gauge("raft_applied_index", "The last entry applied.")
        raftLeaderChanges = registry.counter(
            "raft_leader_changes_total", "How often this node learned of another leader.")
        raftIsLeader = registry.gauge("raft_is_leader", "1 on the leader, 0 elsewhere.")
        queueDepth = registry.gauges(
            "queue_depth", "What waits: for the node, for its disk, for the payment provider.",
            by: QueueName.self)
        storage = StorageMetrics(shards: shards, in: &registry)
        peers = PeerMetrics(in: &registry)
        self.registry = registry
    }

    /// The body of `GET /metrics`.
    package func prometheusText() -> [UInt8] { registry.prometheusText() }
}

/// How a request for a hold ended. `seatsUnavailable` is no failure of the service: at sell-out
/// it is the usual answer, so an alert on failures leaves it out.
package enum HoldOutcome: Int, MetricLabel {
    case accepted, replayed, seatsUnavailable, refused, unavailable, unknown

    package static var name: String { "outcome" }
    package var text: String {
        switch self {
        case .accepted: "accepted"
        case .replayed: "replayed"
        case .seatsUnavailable: "seats_unavailable"
        case .refused: "refused"
        case .unavailable: "unavailable"
        case .unknown: "unknown"
        }
    }
}

/// How a commit was answered; `pending` is the 202 whose order settles later.
package enum CommitOutcome: Int, MetricLabel {
    case confirmed, replayed, pending, declined, gone, refused, unavailable, unknown

    package static var name: String { "outcome" }
    package var text: String {
        switch self {
        case .confirmed: "confirmed"
        case .replayed: "replayed"
        case .pending: "pending"
        case .declined: "declined"
        case .gone: "gone"
        case .refused: "refused"
        case .unavailable: "unavailable"
        case .unknown: "unknown"
        }
    }
}

/// What the payment provider said in the end.
package enum PaymentOutcome: Int, MetricLabel {
    case succeeded, declined, cancelled

    package static var name: String { "outcome" }
    package var text: String {
        switch self {
        case .succeeded: "succeeded"
        case .declined: "declined"
        case .cancelled: "cancelled"
        }
    }
}

/// Where something waits, boundedly.
package enum QueueName: Int, MetricLabel {
    /// Clients' requests without an answer.
    case nodeMailbox
    /// Writes and reads that the log's thread has not begun.
    case logWriter
    /// Rows that are not in SQLite yet.
    case writeBehind
    /// Calls that the payment provider has not answered.
    case payments

    package static var name: String { "queue" }
    package var text: String {
        switch self {
        case .nodeMailbox: "node_mailbox"
        case .logWriter: "log_writer"
        case .writeBehind: "write_behind"
        case .payments: "payments"
        }
    }
}
