import NodeRuntime
import Primitives

/// A configuration that is in order, to be changed key by key. Values are JSON.
let sampleKeys: [String: String] = [
    "cluster_id": "\"00112233445566778899aabbccddeeff\"",
    "node_id": "2",
    "data_dir": "\"data\"",
    "http_listen": "\"127.0.0.1:8102\"",
    "raft_listen": "\"127.0.0.1:9102\"",
    "http_url": "\"http://127.0.0.1:8102\"",
    "members": """
    [{"node_id": 1, "raft_address": "a:9101", "http_url": "http://127.0.0.1:8101"},
     {"node_id": 2, "raft_address": "b:9102", "http_url": "http://127.0.0.1:8102"},
     {"node_id": 3, "raft_address": "c:9103", "http_url": "http://127.0.0.1:8103"}]
    """,
    "cluster_secret_file": "\"../cluster-secret\"",
    "api_keys": """
    [{"name": "boss", "sha256": "\(String(repeating: "0f", count: 32))", "role": "admin"}]
    """,
    "payment_provider": """
    {"kind": "simulated", "url": "http://127.0.0.1:10100", "webhook_secret_file": "hook"}
    """,
]

/// So many members, of whom the second is the sample's own node.
func sampleMembers(_ count: Int) -> String {
    let members = (1...count).map {
        """
        {"node_id": \($0), "raft_address": "a:\(9100 + $0)", \
        "http_url": "http://127.0.0.1:\(8100 + $0)"}
        """
    }
    return "[\(members.joined(separator: ","))]"
}

/// Beside the configuration's own `/etc/holdfast/node.json`.
let sampleFiles: [String: String] = [
    "/etc/holdfast/../cluster-secret": "0123456789abcdef\n",
    "/etc/holdfast/hook": "fedcba9876543210",
]

/// The sample with some keys changed, or left out where nil.
func load(
    _ changes: [String: String?] = [:], files: [String: String] = sampleFiles
) throws(ConfigurationError) -> NodeConfiguration {
    var keys = sampleKeys
    for (key, value) in changes { keys[key] = value }
    let members = keys.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    return try load(text: "{\(members.joined(separator: ",\n"))}", files: files)
}

func load(
    text: String, files: [String: String] = sampleFiles
) throws(ConfigurationError) -> NodeConfiguration {
    try NodeConfiguration(file: "/etc/holdfast/node.json") { path throws(DiskError) in
        if path == "/etc/holdfast/node.json" { return Array(text.utf8) }
        guard let file = files[path] else {
            throw DiskError(operation: "open", path: path, errno: 2)
        }
        return Array(file.utf8)
    }
}

/// The error that the changed sample is refused with; nil when it is taken.
func refusal(
    _ changes: [String: String?], files: [String: String] = sampleFiles
) -> ConfigurationError? {
    do throws(ConfigurationError) {
        _ = try load(changes, files: files)
        return nil
    } catch {
        return error
    }
}
