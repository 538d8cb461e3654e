import Foundation
import Primitives
import SystemIO

/// How many nodes: each has its example among the project's configuration files.
enum ClusterSize: Int {
    case one = 1
    case three = 3
    case five = 5

    var nodes: ClosedRange<Int> { 1...rawValue }
    fileprivate var exampleFolder: String { "cluster-configs/\(self)" }
}

/// The files of a cluster on this machine: the project's own examples, with this test's ports,
/// paths and keys in place of the example's.
struct ClusterFiles {
    let folder: TemporaryFolder
    let size: ClusterSize
    let ports: [UInt16]
    let clusterID: String

    static let adminKey = "admin-key-of-the-tests"
    static let webhookSecret = "webhook-secret-of-the-tests"
    static let shopKey = "shop-key-of-the-tests"

    /// - Parameter settings: keys that differ from the example's, with their values as JSON.
    init(_ size: ClusterSize, settings: [String: String] = [:]) throws {
        folder = try TemporaryFolder()
        self.size = size
        ports = try freePorts(2 * size.rawValue + 1)
        clusterID = UUID().uuidString.filter { $0 != "-" }.lowercased()
        try folder.write(String(repeating: "c", count: 32), to: "cluster-secret")
        try folder.write(Self.webhookSecret, to: "webhook-secret")
        for node in size.nodes {
            try folder.makeFolder("node-\(node)")
            try rewrite(node, settings: settings)
        }
    }

    /// Writes a node's configuration anew.
    func rewrite(_ node: Int, settings: [String: String]) throws {
        try folder.write(try configuration(of: node, settings), to: "node-\(node)/config.json")
    }

    /// Makes one node look for another one's Raft port elsewhere.
    func readdress(_ member: Int, to port: UInt16, for node: Int) throws {
        let name = "node-\(node)/config.json"
        let address = #""raft_address": "127.0.0.1:"#
        try folder.write(
            try folder.text(name).replacing(
                "\(address)\(raftPort(of: member))", with: "\(address)\(port)"),
            to: name)
    }

    func httpPort(of node: Int) -> UInt16 { ports[2 * node - 2] }
    func raftPort(of node: Int) -> UInt16 { ports[2 * node - 1] }
    var providerPort: UInt16 { ports[2 * size.rawValue] }

    func config(of node: Int) -> String { folder.file("node-\(node)/config.json") }
    func log(of node: Int) -> String { folder.file("node-\(node)/node.log") }
    func dataFolder(of node: Int) -> String { folder.file("node-\(node)/data") }

    private func configuration(of node: Int, _ settings: [String: String]) throws -> String {
        let example = Self.repository.appending(path: "\(size.exampleFolder)/node-\(node).json")
        var text = try String(contentsOf: example, encoding: .utf8)
        func replace(_ old: String, _ new: String) { text = text.replacing(old, with: new) }
        for member in size.nodes {
            replace("holdfast-\(member).example.net:8101", "127.0.0.1:\(httpPort(of: member))")
            replace("holdfast-\(member).example.net:9101", "127.0.0.1:\(raftPort(of: member))")
        }
        for host in ["0.0.0.0", "127.0.0.1"] {
            replace("\(host):8101", "127.0.0.1:\(httpPort(of: node))")
            replace("\(host):9101", "127.0.0.1:\(raftPort(of: node))")
        }
        for host in ["payments.example.net", "127.0.0.1"] {
            replace("\(host):10100", "127.0.0.1:\(providerPort)")
        }
        replace(String(repeating: "0", count: 63) + "0", digest(Self.adminKey))
        replace(String(repeating: "0", count: 63) + "1", digest(Self.shopKey))
        replace("\"\(String(repeating: "0", count: 32))\"", "\"\(clusterID)\"")
        replace("\"/var/lib/holdfast\"", "\"data\"")
        replace("\"/etc/holdfast/", "\"../")
        for secret in ["cluster-secret", "webhook-secret"] {
            replace("\"\(secret)\"", "\"../\(secret)\"")
        }
        precondition(!text.contains("example.net"), "a name is left in \(example.path)")
        // Small log files: a test need not write 64 MiB ahead for each node.
        let small = ["log_segment_bytes": "1048576"]
        for (key, value) in small.merging(settings, uniquingKeysWith: { $1 }) {
            text = Self.setting(key, to: value, in: text)
        }
        return text
    }

    /// Replaces a key's line at the top level, or adds one before the end.
    private static func setting(_ key: String, to value: String, in text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let line = Substring("    \"\(key)\": \(value),")
        if let index = lines.firstIndex(where: { $0.hasPrefix("    \"\(key)\":") }) {
            precondition(lines[index].hasSuffix(","), "\(key) has more than a line")
            lines[index] = line
        } else if let end = lines.lastIndex(of: "}") {
            lines.insert(line, at: end)
        }
        return lines.joined(separator: "\n")
    }

    private func digest(_ key: String) -> String {
        Hex.encode(SHA256.digest(Array(key.utf8)).bytes)
    }

    static let repository = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

/// Ports of this machine that nobody listens at, below those that the kernel gives to clients: a
/// node that is down must find its own again.
func freePorts(_ count: Int) throws -> [UInt16] {
    var ports: Set<UInt16> = []
    while ports.count < count {
        let port = UInt16.random(in: 10_000..<32_000)
        if (try? ListeningSocket(at: .loopback(port))) != nil { ports.insert(port) }
    }
    return ports.sorted()
}

extension SocketAddress {
    static func loopback(_ port: UInt16) -> SocketAddress { .ipv4(0x7F00_0001, port: port) }
}
