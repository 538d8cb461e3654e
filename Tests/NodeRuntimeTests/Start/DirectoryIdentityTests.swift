import Primitives
import Testing
import Wire

@testable import NodeRuntime

@Suite struct ADirectoryIdentity {
    private static let sample = DirectoryIdentity(
        node: NodeIdentity(
            cluster: ClusterID(0x00FF), group: .first, node: NodeID(7),
            incarnation: Incarnation(.max)),
        shardCount: 8)

    @Test func isReadAsItWasWritten() {
        #expect(DirectoryIdentity(Self.sample.text) == Self.sample)
    }

    /// The form on disk: a change of it needs a new format number.
    @Test func isALineOfJSON() {
        #expect(
            String(decoding: Self.sample.text, as: UTF8.self) == """
                {"format":1,"cluster_id":"000000000000000000000000000000ff","group":0,\
                "node_id":7,"incarnation":"ffffffffffffffff","shards":8}

                """)
    }

    @Test func isRefusedWhenOneByteIsAnother() {
        let text = Self.sample.text
        for index in text.indices {
            var damaged = text
            damaged[index] ^= 0x01
            let read = DirectoryIdentity(damaged)
            #expect(read == nil || read != Self.sample, "byte \(index)")
            damaged = text
            damaged.remove(at: index)
            #expect(DirectoryIdentity(damaged) != Self.sample, "byte \(index)")
        }
        #expect(DirectoryIdentity([]) == nil)
        #expect(DirectoryIdentity(text + text) == nil)
    }

    @Test(
        arguments: [
            (#""format":1"#, #""format":2"#), (#""shards":8"#, #""shards":0"#),
            (#""shards":8"#, #""shards":65"#), (#""node_id":7"#, #""node_id":65536"#),
            (#""group":0"#, #""group":256"#), (#""group":0,"#, ""),
        ])
    func isRefusedOutOfItsLimits(_ part: String, _ other: String) {
        let text = String(decoding: Self.sample.text, as: UTF8.self)
        #expect(DirectoryIdentity(Array(text.replacing(part, with: other).utf8)) == nil)
    }
}
