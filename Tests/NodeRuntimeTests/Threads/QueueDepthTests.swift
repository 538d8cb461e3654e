import Foundation
import Primitives
import Telemetry
import Testing

@testable import NodeRuntime

/// A node whose other threads have not begun: what it leaves for them stays where it is.
@Suite struct AQueuesDepth {
    @Test func ofTheLogsThreadIsWhatItHasNotBegun() throws {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "holdfast-test-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let configuration = try load([
            "node_id": "1", "data_dir": "\"\(folder)\"", "http_listen": "\"127.0.0.1:0\"",
            "raft_listen": "\"127.0.0.1:0\"", "http_url": "\"http://127.0.0.1:8101\"",
            "members": """
            [{"node_id": 1, "raft_address": "127.0.0.1:1", "http_url": "http://127.0.0.1:8101"}]
            """,
        ])
        let directory = DataDirectory(of: configuration)
        try directory.initialise()
        let recovered = try RecoveredNode(directory, try directory.identity())
        let metrics = NodeMetrics(routes: NodeConfiguration.routeLabels, shards: [], version: "1")
        let log = Log(level: .error, node: nil, now: { .zero }, sink: { _ in })
        let mailboxes = try NodeMailboxes(requestsMax: 1, loopCount: 0)
        let node = try NodeAssembly(configuration, mailboxes, log, metrics)
            .node(from: recovered).node
        #expect(metrics.queueDepth[.logWriter].value == 0)
        // A single node's first write is its vote for itself, at the latest after an election
        // timeout; nothing else is written before that is durable.
        for _ in 0..<500 where metrics.queueDepth[.logWriter].value == 0 { node.turn() }
        #expect(metrics.queueDepth[.logWriter].value == 1)
        node.end(.stopped)
    }
}
