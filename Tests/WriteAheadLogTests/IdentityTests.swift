import Primitives
import Raft
import Simulation
import Testing
import Wire

@testable import WriteAheadLog

/// A log belongs to one life of one node of one group of one cluster.
struct IdentityTests {
    typealias Fixture = LogFixture

    @Test func aForeignLogIsRefusedWithTheDifference() throws {
        let disk = try Fixture.disk()
        var other = Fixture.identity
        other.cluster = ClusterID(0xC2)
        expect(.wrongCluster(Fixture.identity.cluster), opening: disk, as: other)
        other = Fixture.identity
        other.group = GroupID(1)
        expect(.wrongGroup(.first), opening: disk, as: other)
        other = Fixture.identity
        other.node = NodeID(2)
        expect(.wrongNode(NodeID(1)), opening: disk, as: other)
    }

    /// A wiped disk is a new identity: an old log must not serve the new node, nor the reverse.
    @Test func theLogOfAnEarlierLifeIsRefused() throws {
        var reborn = Fixture.identity
        reborn.incarnation = Incarnation(78)
        expect(.wrongIncarnation(Incarnation(77)), opening: try Fixture.disk(), as: reborn)
    }

    /// A log that vanished must not come back as an empty one: the node would vote again.
    @Test func aMissingLogIsNotAnEmptyOne() throws {
        var disk = try Fixture.disk()
        try disk.remove(Fixture.path(ofSegment: 1))
        expect(.missing, opening: disk, as: Fixture.identity)
        var never = SimulatedDisk()
        try never.makeDirectory(Fixture.directory)
        expect(.missing, opening: never, as: Fixture.identity)
    }

    @Test func aLogIsCreatedOnce() throws {
        var disk = try Fixture.disk()
        #expect(throws: WALError.exists) {
            try Fixture.Log.create(
                disk: &disk, directory: Fixture.directory, identity: Fixture.identity)
        }
    }

    @Test func aLaterFormatIsRefusedByItsNumber() throws {
        var disk = try Fixture.disk()
        let path = Fixture.path(ofSegment: 1)
        var header = Array((disk.contents(of: path) ?? []).prefix(512))
        header[8] = 2
        var writer = ByteWriter(appendingTo: header)
        writer.patch(u32: CRC32C.checksum(header[..<508]), at: 508)
        try disk.write(try disk.open(path, mode: .existing), at: 0, writer.bytes)
        expect(
            .unsupportedFormat(SegmentNumber(1), version: 2), opening: disk, as: Fixture.identity)
    }

    @Test(
        arguments: [
            (.header, "the file's header can't be read"),
            (.record, "a record that had been synced can't be read"),
            (.previousSegmentMissing, "the file before this one is not there"),
            (.wrongEnd, "the records are not those that the next file follows"),
            (.disorder, "a record is there that can't follow the ones before it"),
            (.committedEntryMissing(LogIndex(9)), "entry 9, which is committed, is not there"),
            (
                .uncommittedEntryMissing(LogIndex(9)),
                "entry 9 is not there, and the log begins after it"
            ),
        ] as [(LogDamage, String)])
    func damageIsASentence(_ damage: LogDamage, _ words: String) {
        #expect(
            WALError.damaged(SegmentNumber(7), offset: 520, damage).description
                == "00000000000000000007.wal is damaged at byte 520: \(words). "
                + "Keep a copy, and set this node up anew")
    }

    @Test(
        arguments: [
            (
                .disk(DiskError(operation: "fsync", path: "/wal/1.wal", errno: 5)),
                "fsync /wal/1.wal: Input/output error: the disk fails (errno 5)"
            ),
            (.missing, "there is no log here: it was lost. Set this node up anew"),
            (
                .wrongCluster(ClusterID(0xC1)),
                "the log of cluster 000000000000000000000000000000c1 lies here"
            ),
            (.wrongGroup(GroupID(3)), "the log of group 3 lies here"),
            (.wrongNode(NodeID(7)), "the log of node 7 lies here"),
            (
                .wrongIncarnation(Incarnation(255)),
                "the log of an earlier life, ff, of this node lies here"
            ),
            (
                .compacted(LogPosition(term: Term(2), index: LogIndex(5))),
                "the log begins after entry 5"
            ),
        ] as [(WALError, String)])
    func errorsSayWhatToDo(_ error: WALError, _ words: String) {
        #expect(error.description == words)
    }

    private func expect(
        _ error: WALError, opening disk: SimulatedDisk, as identity: NodeIdentity
    ) {
        var disk = disk
        #expect(throws: error) {
            try Fixture.Log.open(
                disk: &disk, directory: Fixture.directory, identity: identity,
                options: Fixture.options, committed: .zero)
        }
    }
}
