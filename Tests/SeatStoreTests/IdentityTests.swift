import Foundation
import Inventory
import Primitives
import SeatStore
import Testing

@Suite struct AShardsFile {
    @Test func opensAgainForItsOwner() throws {
        let directory = try TemporaryDirectory()
        _ = try openShard(directory)
        #expect(try openShard(directory, mode: .existing).appliedIndex == .zero)
        #expect(try openShard(directory, mode: .create).appliedIndex == .zero)
    }

    @Test(
        arguments: [
            ("cluster_id", identity(cluster: 0xC2)), ("group_no", identity(group: 1)),
            ("node_id", identity(node: 3)), ("incarnation", identity(incarnation: 78)),
            ("shard_count", identity(shardCount: 9)),
        ] as [(String, StoreIdentity)])
    func isRefusedToAnybodyElse(_ key: String, _ other: StoreIdentity) throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("shard.sqlite")
        _ = try openShard(directory)
        for mode in [StoreMode.existing, .create] {
            let error = wrongFile { () throws(StoreError) in
                _ = try ShardStore(path: path, shard: sampleShard, identity: other, mode: mode)
            }
            #expect(error?.key == key)
            #expect(error?.file == path)
            #expect(error.map { $0.found != $0.expected } == true)
        }
    }

    @Test func isRefusedAsAnotherShard() throws {
        let directory = try TemporaryDirectory()
        _ = try openShard(directory)
        let error = wrongFile { () throws(StoreError) in
            _ = try openShard(directory, shard: ShardID(4))
        }
        #expect(
            error
                == WrongFile(
                    file: directory.file("shard.sqlite"), key: "shard", found: "03",
                    expected: "04"))
        let path = directory.file("shard.sqlite")
        #expect(error?.description.hasPrefix("\(path): shard is 03, expected 04: ") == true)
    }

    @Test(arguments: [("user_version", "2", "1"), ("application_id", "7", "1751544692")])
    func ofANewerOrAnotherProgramIsRefused(
        _ key: String, _ found: String, _ expected: String
    ) throws {
        let directory = try TemporaryDirectory()
        _ = try openShard(directory)
        try Person(directory.file("shard.sqlite")).run("PRAGMA \(key) = \(found)")
        let error = wrongFile { () throws(StoreError) in
            _ = try openShard(directory, mode: .existing)
        }
        #expect(error?.key == key)
        #expect(error?.found == found)
        #expect(error?.expected == expected)
    }

    @Test func thatAnInterruptedInitLeftEmptyIsNoShardButCanBeMadeOne() throws {
        let directory = try TemporaryDirectory()
        #expect(
            FileManager.default.createFile(atPath: directory.file("shard.sqlite"), contents: nil))
        let error = wrongFile { () throws(StoreError) in
            _ = try openShard(directory, mode: .existing)
        }
        #expect(error?.key == "application_id")
        #expect(try openShard(directory, mode: .create).appliedIndex == .zero)
    }

    @Test func withoutItsMetaRowIsDamaged() throws {
        let directory = try TemporaryDirectory()
        _ = try openShard(directory)
        try Person(directory.file("shard.sqlite")).run("DELETE FROM meta")
        guard
            case .damaged = thrown({ () throws(StoreError) in
                _ = try openShard(directory, mode: .existing)
            })
        else {
            Issue.record("opened")
            return
        }
    }

    private func wrongFile(_ body: () throws(StoreError) -> Void) -> WrongFile? {
        guard case .wrongFile(let error) = thrown(body) else { return nil }
        return error
    }
}
