import Primitives
import Telemetry

extension NodeConfiguration {
    /// The shortest secret, in bytes.
    static let secretBytesMin = 16

    /// Reads and checks a configuration: JSON, in which `//` comments and trailing commas are
    /// allowed. `contents` gives a file's bytes; it is asked for the file and for the secrets'
    /// files that it names.
    package init(
        file path: String, contents: @escaping FileContents
    ) throws(ConfigurationError) {
        var root = try ConfigurationFile(path: path, contents: contents).root()
        file = path
        clusterID = ClusterID(try root.hexNumber("cluster_id"))
        nodeID = NodeID(UInt16(try root.number(.nodeID)))
        dataDirectory = root.file.resolve(try root.text("data_dir"))
        httpListen = try root.address("http_listen", ports: 0...65_535)
        raftListen = try root.address("raft_listen", ports: 0...65_535)
        httpURL = try root.url("http_url")
        members = try root.members()
        clusterSecret = try root.clusterSecret()
        shardCount = Int(try root.number(.shards))
        elections = ElectionTiming(
            heartbeat: Milliseconds(try root.number(.heartbeat)),
            timeoutMin: Milliseconds(try root.number(.electionTimeoutMin)),
            timeoutMax: Milliseconds(try root.number(.electionTimeoutMax)))
        holds = try root.holdLimits()
        reads = ReadLimits(
            stalenessMax: Milliseconds(try root.number(.stalenessMax)),
            seatMapMaxAge: .seconds(try root.number(.seatMapMaxAge)))
        payments = try root.paymentSettings()
        queues = QueueLimits(
            requestsMax: Int(try root.number(.queueDepthMax)),
            writeBehindRowsMax: Int(try root.number(.writeBehindDepthMax)),
            uncommittedBytesMax: Int(try root.number(.uncommittedBytesMax)))
        logSegmentBytes = Int(try root.number(.logSegmentBytes))
        http = try root.httpSettings()
        leaderRouting = try root.choice("leader_routing", default: .redirect)
        openSales = try root.flag("open_sales", default: false)
        apiKeys = try root.apiKeys()
        logLevel = try root.choice("log_level", default: .info)
        try root.finish()
        try check(root)
    }
}

extension ConfigurationObject {
    fileprivate mutating func members() throws(ConfigurationError) -> [ConfiguredMember] {
        var members: [ConfiguredMember] = []
        for var object in try objects("members") {
            members.append(
                ConfiguredMember(
                    id: NodeID(UInt16(try object.number(.nodeID))),
                    raftAddress: try object.address("raft_address", ports: 1...65_535),
                    httpURL: try object.url("http_url")))
            try object.finish()
        }
        return members
    }

    /// The secret itself or the file that holds it, and not both.
    fileprivate mutating func clusterSecret() throws(ConfigurationError) -> ConfiguredSecret {
        let text = try optionalText("cluster_secret")
        guard let path = try optionalText("cluster_secret_file") else {
            guard let text else { throw error("cluster_secret_file", .missing) }
            return try checkedSecret("cluster_secret", Array(text.utf8), in: file.path)
        }
        guard text == nil else {
            throw error(
                "cluster_secret_file", .inconsistent("cluster_secret is there too: give one"))
        }
        return try secret("cluster_secret_file", at: path)
    }

    fileprivate mutating func holdLimits() throws(ConfigurationError) -> HoldLimits {
        var ttl = try object("hold_ttl_seconds")
        let limits = HoldLimits(
            ttlMin: .seconds(try ttl.number(.holdTTLMin)),
            ttlDefault: .seconds(try ttl.number(.holdTTLDefault)),
            ttlMax: .seconds(try ttl.number(.holdTTLMax)),
            replayWindow: .seconds(try number(.replayWindow)),
            seatsMax: Int(try number(.seatsPerHoldMax)))
        try ttl.finish()
        return limits
    }

    fileprivate mutating func paymentSettings() throws(ConfigurationError) -> PaymentSettings {
        var provider = try object("payment_provider")
        let settings = PaymentSettings(
            provider: try provider.choice("kind"), url: try provider.ownCallURL("url"),
            webhookSecret: try provider.secretFile("webhook_secret_file"),
            commitPatience: Milliseconds(try number(.commitPatience)),
            deadline: .seconds(try number(.paymentDeadline)))
        try provider.finish()
        return settings
    }

    fileprivate mutating func httpSettings() throws(ConfigurationError) -> HTTPSettings {
        HTTPSettings(
            loops: Int(try number(.httpLoops)),
            connectionsMax: Int(try number(.httpConnectionsMax)),
            headerBytesMax: Int(try number(.headerBytesMax)),
            urlBytesMax: Int(try number(.urlBytesMax)),
            bodyBytesMax: Int(try number(.bodyBytesMax)),
            importBytesMax: Int(try number(.importBytesMax)),
            requestTimeout: Milliseconds(try number(.requestTimeout)),
            idleTimeout: Milliseconds(try number(.idleTimeout)))
    }

    fileprivate mutating func apiKeys() throws(ConfigurationError) -> [ConfiguredKey] {
        var keys: [ConfiguredKey] = []
        for var object in try objects("api_keys") {
            keys.append(
                ConfiguredKey(
                    name: try object.text("name"), digest: try object.digest("sha256"),
                    role: try object.choice("role")))
            try object.finish()
        }
        return keys
    }
}
