import NodeCore
import Primitives
import Raft

// Rules between several keys. Each key by itself has been checked when it was read.

extension NodeConfiguration {
    static let membersMax = Membership.votersMax

    func check(_ root: ConfigurationObject) throws(ConfigurationError) {
        try checkMembers(root)
        try checkTimes(root)
        try checkSizes(root)
        try checkKeys(root)
        guard httpListen != raftListen || httpListen.hasSuffix(":0") else {
            throw root.error("raft_listen", .inconsistent("http_listen is the same"))
        }
    }

    private func checkMembers(_ root: ConfigurationObject) throws(ConfigurationError) {
        guard (1...Self.membersMax).contains(members.count) else {
            throw root.error("members", .badForm(expected: "a list of 1 to \(Self.membersMax)"))
        }
        for (position, member) in members.enumerated() {
            let earlier = members[..<position]
            func refuse(_ key: String, _ value: String) -> ConfigurationError {
                root.error(
                    "members", .inconsistent("two members have the \(key) \(value)"))
            }
            if earlier.contains(where: { $0.id == member.id }) {
                throw refuse("node_id", member.id.description)
            }
            if earlier.contains(where: { $0.raftAddress == member.raftAddress }) {
                throw refuse("raft_address", member.raftAddress)
            }
            if earlier.contains(where: { $0.httpURL == member.httpURL }) {
                throw refuse("http_url", member.httpURL)
            }
        }
        guard let own = members.first(where: { $0.id == nodeID }) else {
            throw root.error("node_id", .inconsistent("members has no such node"))
        }
        guard own.httpURL == httpURL else {
            throw root.error(
                "http_url", .inconsistent("members gives this node the http_url \(own.httpURL)"))
        }
    }

    private func checkTimes(_ root: ConfigurationObject) throws(ConfigurationError) {
        let heartbeat = elections.heartbeat.rawValue
        guard elections.timeoutMin.rawValue >= 4 * heartbeat else {
            throw root.error(
                "election_timeout_min_ms",
                .inconsistent("must be at least 4 times heartbeat_ms, \(4 * heartbeat)"))
        }
        // Both are counted in ticks of the core's clock, and must still differ.
        let tick = NodeCoreConfiguration.tick
        guard elections.timeoutMax >= elections.timeoutMin + tick else {
            throw root.error(
                "election_timeout_max_ms",
                .inconsistent(
                    "must exceed election_timeout_min_ms by \(tick.rawValue) or more"))
        }
        guard reads.stalenessMax.rawValue >= 2 * heartbeat else {
            throw root.error(
                "staleness_max_ms",
                .inconsistent("must be at least 2 times heartbeat_ms, \(2 * heartbeat)"))
        }
        guard holds.ttlMin <= holds.ttlDefault, holds.ttlDefault <= holds.ttlMax else {
            throw root.error(
                "hold_ttl_seconds", .inconsistent("min, default and max must not fall"))
        }
    }

    private func checkSizes(_ root: ConfigurationObject) throws(ConfigurationError) {
        guard http.urlBytesMax <= http.headerBytesMax else {
            throw root.error("url_bytes_max", .inconsistent("must not exceed header_bytes_max"))
        }
        guard http.bodyBytesMax <= http.importBytesMax else {
            throw root.error("body_bytes_max", .inconsistent("must not exceed import_bytes_max"))
        }
    }

    private func checkKeys(_ root: ConfigurationObject) throws(ConfigurationError) {
        for (position, key) in apiKeys.enumerated() {
            let earlier = apiKeys[..<position]
            guard !earlier.contains(where: { $0.name == key.name }) else {
                throw root.error("api_keys", .inconsistent("two keys have the name \(key.name)"))
            }
            guard !earlier.contains(where: { $0.digest == key.digest }) else {
                throw root.error("api_keys", .inconsistent("\(key.name) is the same key twice"))
            }
        }
    }
}
