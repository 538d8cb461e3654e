import Foundation
import NodeRuntime
import Primitives
import Testing

// The files that `scripts/cluster up` writes must be what a node reads.

@Test func theClusterScriptWritesConfigurationsThatLoad() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }

    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    shell.arguments = [
        "-euc", ". scripts/cluster-parts/files; dir=$1 nodes=3 base_port=8100; write_configs",
        "bash", folder.path,
    ]
    shell.currentDirectoryURL = root
    shell.standardInput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)

    let key = try contents(folder.appending(path: "admin-key").path).dropLast()
    var nodes: [NodeConfiguration] = []
    for node in 1...3 {
        let file = folder.appending(path: "node-\(node)/config.json").path
        nodes.append(try NodeConfiguration(file: file, contents: contents))
    }
    #expect(nodes.map(\.nodeID.rawValue) == [1, 2, 3])
    #expect(nodes.map(\.httpListen) == (1...3).map { "127.0.0.1:\(8_100 + $0)" })
    #expect(nodes.map(\.raftListen) == (1...3).map { "127.0.0.1:\(9_100 + $0)" })
    #expect(Set(nodes.map(\.clusterID)).count == 1)
    #expect(Set(nodes.map(\.clusterSecret.bytes)).count == 1)
    for node in nodes {
        #expect(node.dataDirectory == folder.appending(path: "node-\(node.nodeID)").path)
        #expect(node.members.map(\.raftAddress) == nodes.map(\.raftListen))
        #expect(node.apiKeys.map(\.digest) == [SHA256.digest(Array(key))])
        #expect(node.openSales)
        #expect(node.payments.url == "http://127.0.0.1:10100")
        #expect(node.warnings.isEmpty)
    }
    for secret in ["admin-key", "cluster-secret", "webhook-secret"] {
        let attributes = try FileManager.default.attributesOfItem(
            atPath: folder.appending(path: secret).path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
}

private func contents(_ path: String) throws(DiskError) -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw DiskError(operation: "open", path: path, errno: 2)
    }
    return Array(data)
}
