import NodeRuntime
import Primitives
import Testing

// What is refused, and in which words: an operator reads these at three in the morning.

@Suite struct ABadConfiguration {
    @Test(
        arguments: [
            "cluster_id", "node_id", "data_dir", "http_listen", "raft_listen", "http_url",
            "cluster_secret_file",
        ])
    func lacksAKey(_ key: String) {
        let error = refusal([key: nil])
        #expect(error?.description == "/etc/holdfast/node.json: \(key): is missing")
    }

    @Test func lacksAKeyInside() {
        #expect(refusal(["payment_provider": nil])?.key == "payment_provider.kind")
        let error = refusal(["members": "[{\"node_id\": 2, \"raft_address\": \"a:1\"}]"])
        #expect(error?.key == "members[0].http_url")
        #expect(error?.reason == .missing)
    }

    @Test func hasAKeyThatNobodyKnows() {
        let error = refusal(["election_timeout": "5"])
        #expect(error?.key == "election_timeout")
        #expect(error?.value == "5")
        guard case .unknownKey(let allowed) = error?.reason else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(allowed.contains("election_timeout_min_ms") && allowed.contains("members"))
    }

    @Test(
        arguments: [
            ("hold_ttl_seconds", "{\"minimum\": 1}", "hold_ttl_seconds.minimum"),
            ("api_keys", "[{\"name\": \"a\", \"key\": \"b\"}]", "api_keys[0].sha256"),
            (
                "payment_provider",
                """
                {"kind": "simulated", "url": "http://a:1", "webhook_secret_file": "hook", "x": 1}
                """, "payment_provider.x"
            ),
        ])
    func hasABadKeyInside(_ key: String, value: String, place: String) {
        #expect(refusal([key: value])?.key == place)
    }

    @Test(
        arguments: [
            ("node_id", "\"1\"", "must be a whole number"),
            ("shards", "1.5", "must be a whole number"),
            ("shards", "null", "must be a whole number"),
            ("http_listen", "8102", "must be a text"),
            ("data_dir", "\"\"", "must be a text"),
            ("open_sales", "\"yes\"", "must be true or false"),
            ("members", "{}", "must be a list of objects"),
            ("hold_ttl_seconds", "600", "must be an object"),
            ("leader_routing", "\"proxy\"", "must be one of redirect, forward"),
            ("log_level", "3", "must be one of error, warn, info, debug"),
            ("cluster_id", "\"0011\"", "must be 32 hexadecimal digits in lower case"),
            (
                "cluster_id", "\"00112233445566778899AABBCCDDEEFF\"",
                "must be 32 hexadecimal digits in lower case"
            ),
        ])
    func hasTheWrongType(_ key: String, value: String, words: String) {
        let error = refusal([key: value])
        #expect(
            error?.description == "/etc/holdfast/node.json: \(key) is \(value): \(words)")
    }

    @Test(arguments: ["[7]", "[{}, null]"])
    func hasAMemberThatIsNone(_ members: String) {
        #expect(refusal(["members": members])?.key.hasPrefix("members[") == true)
    }

    @Test(
        arguments: [
            ("node_id", "0", 1...65_535), ("node_id", "65536", 1...65_535),
            ("shards", "65", 1...64), ("heartbeat_ms", "9", 10...1_000),
            ("seatmap_max_age_seconds", "16", 5...15),
            ("header_bytes_max", "65536", 1_024...65_535),
        ] as [(String, String, ClosedRange<Int64>)])
    func isOutOfRange(_ key: String, value: String, range: ClosedRange<Int64>) {
        let error = refusal([key: value])
        #expect(error?.key == key)
        #expect(error?.value == value)
        #expect(error?.reason == .outOfRange(range))
        let words = "must be from \(range.lowerBound) to \(range.upperBound)"
        #expect(error?.description.hasSuffix("\(key) is \(value): \(words)") == true)
    }

    @Test(
        arguments: [
            "", "8102", ":8102", "host:", "host:65536", "host:+1", "host:1:2", "[::1]", "::1:80",
            "a b:80", "host:80/", "[]:80",
        ])
    func listensNowhere(_ address: String) {
        #expect(refusal(["http_listen": "\"\(address)\""])?.key == "http_listen")
        #expect(refusal(["raft_listen": "\"\(address)\""])?.key == "raft_listen")
    }

    @Test func givesAMemberNoPort() {
        let members = sampleKeys["members"]?.replacing("b:9102", with: "b:0")
        #expect(refusal(["members": members])?.key == "members[1].raft_address")
    }

    @Test(
        arguments: [
            "", "127.0.0.1:8102", "ftp://a", "http://", "http://a/", "http://a:80/path",
            "http://a:0", "http://a?x", "http://a b", "http://[::1",
        ])
    func isReachedNowhere(_ url: String) {
        #expect(refusal(["http_url": "\"\(url)\""])?.key == "http_url")
    }

    /// A client may come by way of a proxy that speaks TLS; this node's own call can't.
    @Test(arguments: ["https://pay.example.org", "https://127.0.0.1:10100", "https://[::1]:1"])
    func wouldPayByTLS(_ url: String) {
        let provider = sampleKeys["payment_provider"]?
            .replacing("http://127.0.0.1:10100", with: url)
        #expect(
            refusal(["payment_provider": provider])?.description
                == "/etc/holdfast/node.json: payment_provider.url is \"\(url)\": must be "
                + "http://host:port, without a path: this version speaks no TLS to a provider")
    }

    @Test(
        arguments: [
            ("election_timeout_min_ms", "199", "at least 4 times heartbeat_ms, 200"),
            ("election_timeout_max_ms", "300", "must exceed election_timeout_min_ms"),
            ("staleness_max_ms", "99", "at least 2 times heartbeat_ms, 100"),
            ("hold_ttl_seconds", "{\"min\":601}", "min, default and max must not fall"),
            ("hold_ttl_seconds", "{\"max\":599}", "min, default and max must not fall"),
            ("url_bytes_max", "16385", "must not exceed header_bytes_max"),
            ("body_bytes_max", "16777216", "must not exceed import_bytes_max"),
            ("node_id", "4", "members has no such node"),
            ("http_url", "\"http://other:8102\"", "gives this node the http_url http://127.0.0.1"),
            ("raft_listen", "\"127.0.0.1:8102\"", "http_listen is the same"),
            ("members", "[]", "must be a list of 1 to 7"),
        ])
    func contradictsItself(_ key: String, value: String, words: String) {
        let error = refusal([key: value, "import_bytes_max": "16777215"])
        #expect(error?.key == key)
        #expect(error?.description.contains("\(key) is \(value): ") == true)
        #expect(error?.description.contains(words) == true)
    }

    @Test(
        arguments: [
            ("\"node_id\": 3", "\"node_id\": 1", "two members have the node_id 1"),
            ("c:9103", "a:9101", "two members have the raft_address a:9101"),
            (
                "http://127.0.0.1:8103", "http://127.0.0.1:8101",
                "two members have the http_url http://127.0.0.1:8101"
            ),
        ])
    func hasTwins(_ text: String, other: String, words: String) {
        let error = refusal(["members": sampleKeys["members"]?.replacing(text, with: other)])
        #expect(error?.key == "members")
        #expect(error?.reason == .inconsistent(words))
    }

    @Test func hasTooManyMembers() {
        let error = refusal(["members": sampleMembers(8)])
        #expect(error?.key == "members")
        #expect(error?.reason == .badForm(expected: "a list of 1 to 7"))
        #expect(error?.value?.count == 121)
        #expect(refusal(["members": sampleMembers(7)]) == nil)
    }

    @Test func namesAKeyTwice() {
        let zeros = String(repeating: "0", count: 64)
        let ones = String(repeating: "1", count: 64)
        func keys(_ first: (String, String), _ second: (String, String)) -> String {
            let keys = [first, second].map {
                "{\"name\": \"\($0.0)\", \"sha256\": \"\($0.1)\", \"role\": \"admin\"}"
            }
            return "[\(keys.joined(separator: ","))]"
        }
        let sameName = refusal(["api_keys": keys(("a", zeros), ("a", ones))])
        #expect(sameName?.reason == .inconsistent("two keys have the name a"))
        let sameKey = refusal(["api_keys": keys(("a", zeros), ("b", zeros))])
        #expect(sameKey?.reason == .inconsistent("b is the same key twice"))
        let noDigest = refusal(["api_keys": keys(("a", zeros), ("b", "00"))])
        #expect(noDigest?.key == "api_keys[1].sha256")
    }

    @Test func keepsSecretsSecret() {
        let changes = ["cluster_secret_file": nil, "cluster_secret": "\"too short\""]
        let error = refusal(changes)
        #expect(
            error?.description == "/etc/holdfast/node.json: cluster_secret: "
                + "must be at least 16 bytes, and has 9")
        let file = refusal([:], files: ["/etc/holdfast/../cluster-secret": "hush\n\n"])
        #expect(
            file?.description == "/etc/holdfast/node.json: cluster_secret_file: "
                + "must be at least 16 bytes, and has 4")
    }

    @Test func hasTwoSecrets() {
        let error = refusal(["cluster_secret": "\"0123456789abcdef\""])
        #expect(error?.key == "cluster_secret_file")
    }

    @Test func namesAFileThatIsNotThere() {
        let error = refusal(["cluster_secret_file": "\"gone\""])
        #expect(error?.key == "cluster_secret_file")
        #expect(error?.value == "\"gone\"")
        let cause = DiskError(operation: "open", path: "/etc/holdfast/gone", errno: 2)
        #expect(error?.reason == .unreadable(cause))
        #expect(error?.description.contains("open /etc/holdfast/gone: No such") == true)
    }

    @Test func isNotThere() {
        #expect(throws: ConfigurationError.self) {
            try NodeConfiguration(file: "nowhere.json") { path throws(DiskError) in
                throw DiskError(operation: "open", path: path, errno: 2)
            }
        }
    }

    @Test(
        arguments: [
            ("{\n  \"node_id\": 1,\n  \"node_id\": 2\n}", "line 3, column 13: is given twice"),
            ("{\n\"shards\": 8\n\"x\": 1}", "line 3, column 1: is malformed"),
            ("{", "line 1, column 2: is malformed"),
        ])
    func isNotJSON(_ text: String, words: String) {
        let error = #expect(throws: ConfigurationError.self) { try load(text: text) }
        #expect(error?.description.contains(words) == true, "\(String(describing: error))")
    }

    @Test(arguments: ["[]", "7", "\"{}\""])
    func isNoObject(_ text: String) {
        let error = #expect(throws: ConfigurationError.self) { try load(text: text) }
        #expect(error?.reason == .wrongType(expected: "an object"))
    }
}
