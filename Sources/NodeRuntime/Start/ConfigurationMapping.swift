package import API
import HTTPProtocol
package import HTTPServer
import Inventory
package import NodeCore
import Primitives
import Raft
import Telemetry

// What each part of the node is told of the one configuration.

extension NodeConfiguration {
    /// Raft counts in ticks of the core's clock; each figure is at least one.
    private var raftConfiguration: RaftConfiguration {
        do {
            var raft = RaftConfiguration(
                id: nodeID, membership: try Membership(voters: members.map(\.id)))
            raft.heartbeatTicks = ticks(elections.heartbeat)
            raft.electionTicksMin = ticks(elections.timeoutMin)
            raft.electionTicksMax = ticks(elections.timeoutMax)
            raft.uncommittedBytesMax = queues.uncommittedBytesMax
            try raft.validate()
            return raft
        } catch {
            invariantFailure("INV-73: a checked configuration can't work: \(error)")
        }
    }

    private func ticks(_ span: Milliseconds) -> Int {
        max(1, Int(span.rawValue / NodeCoreConfiguration.tick.rawValue))
    }

    /// For the core: consensus, queues, patience.
    package var coreConfiguration: NodeCoreConfiguration {
        var core = NodeCoreConfiguration(raft: raftConfiguration)
        core.queueDepthMax = queues.requestsMax
        core.writeBehindRowsMax = queues.writeBehindRowsMax
        core.commitPatience = payments.commitPatience
        core.paymentDeadline = payments.deadline
        core.paymentProvider = payments.provider.rawValue
        core.stalenessMax = reads.stalenessMax
        return core
    }

    /// For the HTTP contract.
    package var apiConfiguration: APIConfiguration {
        var api = APIConfiguration(
            node: nodeID, clusterID: clusterID.hex,
            members: members.map {
                MemberAddress(id: $0.id, httpURL: $0.httpURL, raftAddress: $0.raftAddress)
            },
            shardCount: shardCount)
        switch leaderRouting {
        case .redirect: api.leaderRouting = .redirect
        case .forward: api.leaderRouting = .forward
        }
        api.keys = apiKeys.map { APIKey(name: $0.name, digest: $0.digest, role: $0.role.role) }
        api.sales = openSales ? .open : .keyed
        api.bodyBytesMax = http.bodyBytesMax
        api.venueBodyBytesMax = http.importBytesMax
        api.seatsPerRequestMax = holds.seatsMax
        api.holdTTL = HoldTTL(
            minSeconds: UInt32(holds.ttlMin.rawValue / 1_000),
            defaultSeconds: UInt32(holds.ttlDefault.rawValue / 1_000),
            maxSeconds: UInt32(holds.ttlMax.rawValue / 1_000))
        api.stalenessMax = reads.stalenessMax
        api.seatMapMaxAgeSeconds = Int(reads.seatMapMaxAge.rawValue / 1_000)
        api.webhookSecrets = [
            WebhookSecret(
                provider: payments.provider.rawValue, secret: payments.webhookSecret.bytes)
        ]
        return api
    }

    /// For the HTTP server: what a client may take of this node.
    package var serverLimits: HTTPServerLimits {
        var limits = HTTPServerLimits()
        limits.http = HTTPLimits(
            headBytesMax: http.headerBytesMax, targetBytesMax: http.urlBytesMax,
            bodyBytesMax: http.bodyBytesMax)
        limits.connectionsMax = http.connectionsMax
        limits.requestTimeout = http.requestTimeout
        limits.idleTimeout = http.idleTimeout
        return limits
    }

    static var routeLabels: [RouteLabels] {
        Endpoint.all.map { endpoint in
            RouteLabels(method: "\(endpoint.method.name)", route: "\(endpoint.path)")
        }
    }
}

extension KeyRole {
    fileprivate var role: API.Role {
        switch self {
        case .buyer: .buyer
        case .organizer: .organizer
        case .operator: .operator
        case .admin: .admin
        }
    }
}
