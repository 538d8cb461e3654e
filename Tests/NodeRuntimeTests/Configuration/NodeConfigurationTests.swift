import NodeRuntime
import Primitives
import Telemetry
import Testing

@Suite struct AConfiguration {
    @Test func readsWhatItSays() throws {
        let configuration = try load([
            "shards": "16", "leader_routing": "\"forward\"", "open_sales": "true",
            "log_level": "\"debug\"", "heartbeat_ms": "20", "election_timeout_min_ms": "80",
            "election_timeout_max_ms": "160",
            "hold_ttl_seconds": "{\"min\": 60, \"default\": 300, \"max\": 600}",
            "http_loops": "2", "body_bytes_max": "1024", "queue_depth_max": "16",
        ])
        #expect(
            configuration.clusterID == ClusterID(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff))
        #expect(configuration.nodeID == NodeID(2))
        #expect(configuration.httpListen == "127.0.0.1:8102")
        #expect(configuration.raftListen == "127.0.0.1:9102")
        #expect(configuration.httpURL == "http://127.0.0.1:8102")
        #expect(configuration.members.map(\.id.rawValue) == [1, 2, 3])
        #expect(configuration.members.map(\.raftAddress) == ["a:9101", "b:9102", "c:9103"])
        #expect(configuration.shardCount == 16)
        #expect(configuration.leaderRouting == .forward)
        #expect(configuration.openSales)
        #expect(configuration.logLevel == .debug)
        #expect(configuration.elections.heartbeat == Milliseconds(20))
        #expect(configuration.elections.timeoutMin == Milliseconds(80))
        #expect(configuration.elections.timeoutMax == Milliseconds(160))
        #expect(configuration.holds.ttlMin == .seconds(60))
        #expect(configuration.holds.ttlDefault == .seconds(300))
        #expect(configuration.holds.ttlMax == .seconds(600))
        #expect(configuration.http.loops == 2)
        #expect(configuration.http.bodyBytesMax == 1_024)
        #expect(configuration.queues.requestsMax == 16)
    }

    @Test func needsFewKeys() throws {
        let configuration = try load()
        #expect(configuration.shardCount == 8)
        #expect(configuration.leaderRouting == .redirect)
        #expect(!configuration.openSales)
        #expect(configuration.logLevel == .info)
        #expect(configuration.elections.heartbeat == Milliseconds(50))
        #expect(configuration.holds.ttlDefault == .seconds(600))
        #expect(configuration.http.importBytesMax == 16 * 1_024 * 1_024)
        #expect(configuration.warnings.isEmpty)
    }

    @Test func readsItsKeys() throws {
        let digest = SHA256.digest(Array("secret key".utf8))
        let text = Hex.encode(digest.bytes)
        let configuration = try load([
            "api_keys": """
            [{"name": "shop", "sha256": "\(text)", "role": "buyer"},
             {"name": "ops", "sha256": "\(String(repeating: "00", count: 32))",
              "role": "operator"}]
            """
        ])
        #expect(configuration.apiKeys.map(\.name) == ["shop", "ops"])
        #expect(configuration.apiKeys.map(\.role) == [.buyer, .operator])
        #expect(configuration.apiKeys.first?.digest == digest)
    }

    @Test func readsSecretsFromFilesWithoutTheirLineFeed() throws {
        let configuration = try load()
        #expect(configuration.clusterSecret.bytes == Array("0123456789abcdef".utf8))
        #expect(configuration.payments.webhookSecret.bytes == Array("fedcba9876543210".utf8))
        #expect(configuration.payments.provider == .simulated)
        #expect(configuration.payments.url == "http://127.0.0.1:10100")
    }

    @Test func takesTheSecretItself() throws {
        let configuration = try load([
            "cluster_secret_file": nil, "cluster_secret": "\"sixteen bytes ok\"",
        ])
        #expect(configuration.clusterSecret.bytes == Array("sixteen bytes ok".utf8))
    }

    @Test(
        arguments: [
            ("data", "/etc/holdfast/data"), (".", "/etc/holdfast"), ("/var/lib", "/var/lib"),
            ("../data", "/etc/holdfast/../data"),
        ])
    func meansPathsFromItsOwnFolder(given: String, meant: String) throws {
        #expect(try load(["data_dir": "\"\(given)\""]).dataDirectory == meant)
    }

    @Test func mayBeNamedWithoutAFolder() throws {
        let members = sampleKeys.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ",")
        let files = [
            "node.json": "{\(members)}", "../cluster-secret": "0123456789abcdef",
            "hook": "fedcba9876543210",
        ]
        let configuration = try NodeConfiguration(file: "node.json") { path throws(DiskError) in
            guard let text = files[path] else {
                throw DiskError(operation: "open", path: path, errno: 2)
            }
            return Array(text.utf8)
        }
        #expect(configuration.dataDirectory == "data")
    }

    @Test func mayHaveCommentsAndTrailingCommas() throws {
        let members = sampleKeys.map { "\"\($0.key)\": \($0.value), // why" }
        let text = "// A node.\n{\n\(members.joined(separator: "\n"))\n}\n"
        #expect(try load(text: text) == load())
    }

    @Test(
        arguments: ["[::1]:0", "localhost:8102", "node-1.example.org:80", "0.0.0.0:65535"])
    func listensOn(_ address: String) throws {
        #expect(try load(["http_listen": "\"\(address)\""]).httpListen == address)
    }

    @Test(
        arguments: [
            "http://127.0.0.1:8102", "https://tickets.example.org", "http://[::1]:8102",
            "http://[::1]",
        ])
    func isReachedAt(_ url: String) throws {
        let members = sampleKeys["members"]?.replacing("http://127.0.0.1:8102", with: url)
        let configuration = try load(["http_url": "\"\(url)\"", "members": members])
        #expect(configuration.httpURL == url)
    }

    @Test func warnsOfAnEvenNumberOfMembers() throws {
        let two = """
            [{"node_id": 1, "raft_address": "a:1", "http_url": "http://127.0.0.1:8101"},
             {"node_id": 2, "raft_address": "b:1", "http_url": "http://127.0.0.1:8102"}]
            """
        let configuration = try load(["members": two])
        #expect(configuration.warnings == ["2 members survive no more failures than 1 do"])
    }

    @Test func warnsWhenNobodyCanCreateAnEvent() throws {
        let configuration = try load(["api_keys": "[]"])
        #expect(configuration.warnings.count == 1)
        #expect(configuration.warnings.first?.contains("organizer") == true)
    }
}
