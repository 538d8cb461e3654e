import Foundation
import HTTPProtocol
import SystemIO
import Testing

// A node that can't start says which file, key and value are to blame, and exits with 1.

extension ClusterTests {
    @Suite struct ABadStart {
        /// What `holdfast serve` of node 1 says, after some settings were changed.
        private func refusal(
            _ command: String = "serve", of files: ClusterFiles,
            settings: [String: String] = [:], saying prefix: String? = nil
        ) throws -> String {
            try files.rewrite(1, settings: settings)
            let result = try Program.run([command, "--config", files.config(of: 1)])
            #expect(result.exitCode == 1)
            #expect(result.errors.hasPrefix(prefix ?? "holdfast \(command): "))
            return result.errors
        }

        private func initialised() throws -> ClusterFiles {
            let files = try ClusterFiles(.one)
            let result = try Program.run(["init", "--config", files.config(of: 1)])
            #expect(result.exitCode == 0, "\(result.errors)")
            return files
        }

        @Test(
            arguments: [
                ("heartbeat", "50", "heartbeat is 50: unknown"),
                ("heartbeat_ms", "\"50\"", "heartbeat_ms is \"50\": must be a whole number"),
                ("shards", "65", "shards is 65: must be from 1 to 64"),
                ("http_listen", "\"8101\"", "http_listen is \"8101\": must be host:port"),
                (
                    "election_timeout_max_ms", "305",
                    "election_timeout_max_ms is 305: must exceed election_timeout_min_ms by 10"
                ),
                ("cluster_secret_file", "\"gone\"", "cluster_secret_file is \"gone\""),
                ("log_level", "\"loud\"", "log_level is \"loud\": must be one of"),
            ])
        func namesTheSetting(_ key: String, value: String, words: String) throws {
            let files = try ClusterFiles(.one)
            let errors = try refusal(of: files, settings: [key: value])
            #expect(errors.contains("\(files.config(of: 1)): \(words)"), "\(errors)")
        }

        @Test func doesNotShowASecret() throws {
            let files = try ClusterFiles(.one)
            try files.folder.write("hunter2", to: "cluster-secret")
            let errors = try refusal(of: files)
            #expect(errors.contains("cluster_secret_file: must be at least 16 bytes, and has 7"))
            #expect(!errors.contains("hunter2"))
        }

        @Test func needsAnInitialisedDirectory() throws {
            let files = try ClusterFiles(.one)
            let config = files.config(of: 1)
            let errors = try refusal(of: files)
            #expect(errors.contains("\(config): data_dir is \"\(files.dataFolder(of: 1))\": "))
            #expect(errors.contains("holds no node: run `holdfast init --config \(config)`"))
        }

        @Test func initialisesOnce() throws {
            let files = try initialised()
            let identity = "\(files.dataFolder(of: 1))/identity"
            let before = try String(contentsOfFile: identity, encoding: .utf8)
            let errors = try refusal("init", of: files)
            #expect(errors.contains("data_dir is \"\(files.dataFolder(of: 1))\": holds a node"))
            #expect(try String(contentsOfFile: identity, encoding: .utf8) == before)
            try FileManager.default.removeItem(atPath: identity)
            #expect(try refusal("init", of: files).contains("holds data but no identity file"))
        }

        /// A failed initialisation leaves nothing that the next one would stumble over.
        @Test func failsToInitialiseWithoutLeavings() throws {
            let files = try ClusterFiles(.one)
            let data = files.dataFolder(of: 1)
            try files.folder.makeFolder("node-1/data/identity.new/in-the-way")
            #expect(try refusal("init", of: files).contains("identity.new"))
            try FileManager.default.removeItem(atPath: "\(data)/identity.new")
            let result = try Program.run(["init", "--config", files.config(of: 1)])
            #expect(result.exitCode == 0, "\(result.errors)")
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(data)/identity")
            let permissions = try #require(attributes[.posixPermissions] as? Int)
            #expect(permissions & 0o007 == 0)
        }

        @Test(arguments: ["init", "serve"])
        func needsADirectoryAndNotAFile(_ command: String) throws {
            let files = try ClusterFiles(.one)
            try files.folder.write("", to: "node-1/data")
            let errors = try refusal(command, of: files)
            #expect(errors.contains("data_dir is \"\(files.dataFolder(of: 1))\": "), "\(errors)")
            #expect(errors.contains("Not a directory"))
        }

        @Test(
            arguments: [
                ("cluster_id", "\"00112233445566778899aabbccddeeff\""), ("shards", "9"),
            ])
        func refusesAnothersData(_ key: String, value: String) throws {
            let files = try initialised()
            let errors = try refusal(of: files, settings: [key: value])
            let bare = value.filter { $0 != "\"" }
            #expect(errors.contains("\(files.config(of: 1)): \(key) is \"\(bare)\": "), "\(errors)")
            #expect(errors.contains("\(files.dataFolder(of: 1))/identity"))
            #expect(errors.contains(key == "shards" ? "another, 8" : files.clusterID))
        }

        @Test func refusesADamagedIdentity() throws {
            let files = try initialised()
            try files.folder.write("{}", to: "node-1/data/identity")
            let errors = try refusal(of: files)
            #expect(errors.contains("\(files.dataFolder(of: 1))/identity is damaged"))
        }

        @Test(
            arguments: [
                ("shards/03.sqlite", nil, "shards/03.sqlite: "),
                ("shards/system.sqlite", "x", "shards/system.sqlite: "),
                ("wal/00000000000000000001.wal", nil, "wal: there is no log here"),
                ("wal/00000000000000000001.wal", "x", "00000000000000000001.wal is damaged"),
            ] as [(String, String?, String)])
        func namesTheFileThatIsLostOrDamaged(
            _ name: String, contents: String?, words: String
        ) throws {
            let files = try initialised()
            let file = "\(files.dataFolder(of: 1))/\(name)"
            try FileManager.default.removeItem(atPath: file)
            if let contents { try files.folder.write(contents, to: "node-1/data/\(name)") }
            let errors = try refusal(of: files)
            #expect(errors.contains(words), "\(errors)")
            #expect(errors.contains("\(files.dataFolder(of: 1))/"), "\(errors)")
        }

        @Test func warnsOfASecretThatAllMayRead() throws {
            let files = try initialised()
            try files.folder.write(
                String(repeating: "c", count: 32), to: "cluster-secret", permissions: 0o644)
            let other = try ListeningSocket(at: .loopback(files.httpPort(of: 1)))
            let errors = try refusal(of: files, saying: "{")
            #expect(errors.contains("secret is readable by every user of this machine"))
            #expect(errors.contains("../cluster-secret"))
            withExtendedLifetime(other.address) {}
        }

        @Test(arguments: ["http_listen", "raft_listen"])
        func namesThePortInUse(_ key: String) throws {
            let files = try initialised()
            let port = key == "http_listen" ? files.httpPort(of: 1) : files.raftPort(of: 1)
            let other = try ListeningSocket(at: .loopback(port))
            let errors = try refusal(of: files)
            #expect(
                errors.contains("\(files.config(of: 1)): \(key) is \"127.0.0.1:\(port)\": "),
                "\(errors)")
            #expect(errors.contains("Address already in use"))
            withExtendedLifetime(other.address) {}
        }

        @Test func namesTheProcessThatHasTheDirectory() throws {
            try withCluster(.one) { cluster in
                let errors = try refusal(of: cluster.files)
                #expect(errors.contains("data_dir is \"\(cluster.files.dataFolder(of: 1))\": "))
                let holder = try cluster.process(1).pid
                #expect(errors.contains("process \(holder) uses this directory"), "\(errors)")
                #expect(try cluster.send(.get("/readyz"), to: 1).status == 200)
            }
        }

        /// One node has another secret: it and the others say so, and the others go on.
        @Test func tellsOfAWrongSecretAtBothEnds() throws {
            let cluster = try TestCluster(.three)
            try cluster.files.folder.write(String(repeating: "x", count: 32), to: "odd-secret")
            try cluster.files.rewrite(
                3, settings: ["cluster_secret_file": #""../odd-secret""#])
            for node in cluster.nodes { try cluster.start(node) }
            try cluster.awaitReady([1, 2])
            for (node, peer) in [(1, "3"), (2, "3"), (3, "1"), (3, "2")] {
                _ = try eventually("node \(node) tells of node \(peer)'s secret") {
                    try cluster.log(of: node).contains { line in
                        line["peer"]?.text == peer
                            && line["reason"]?.text?.contains("another cluster secret") == true
                    } ? true : nil
                }
            }
            #expect(try cluster.send(.get("/readyz"), to: 3).status == 503)
        }
    }
}
