import Primitives
import Raft
import Simulation
import Testing
import Wire
import WriteAheadLog

@testable import Fuzzing

/// What the properties rely on besides the code that they are about.
struct WitnessTests {
    @Test func aMutatorRepeatsItselfAndKeepsToItsLength() {
        let seeds: [[UInt8]] = [[1, 2, 3, 4], Array(repeating: 9, count: 30)]
        var mutators = (0..<2).map { _ in
            Mutator(seeds, bytesMax: 20, random: PRNG(seed: 7))
        }
        var inputs: Set<[UInt8]> = []
        for _ in 0..<200 {
            let input = mutators[0].next()
            #expect(mutators[1].next() == input)
            #expect(input.count <= 20)
            inputs.insert(input)
        }
        #expect(inputs.count > 150)
    }

    @Test func piecesMakeUpTheWhole() {
        let bytes = [UInt8](0...255)
        #expect(bytes.pieces.flatMap { $0 } == bytes)
        #expect(bytes.pieces == bytes.pieces)
        #expect(bytes.pieces.allSatisfy { !$0.isEmpty })
        #expect([UInt8]().pieces.isEmpty)
        #expect(bytes.singleBytes.count == 256)
    }

    @Test func decisionsBehindTheEndAreZero() {
        var choices = Choices([5, 1, 2, 200])
        #expect(choices.number(below: 3) == 2)
        #expect(choices.number16() == 0x102)
        let isSeldom = choices.seldom()
        #expect(isSeldom)
        #expect(choices.isEmpty)
        #expect(choices.byte() == 0)
        #expect(choices.bytes(atMost: 9).isEmpty)
        #expect(choices.number64() == 0)
    }

    @Test func aFrameMadeByHandIsTheCodecsOwn() {
        let heartbeat = Message.heartbeat(
            Heartbeat(term: Term(3), commit: LogIndex(9), round: ReadRound(5)))
        var encoded: [UInt8] = []
        FrameEncoder(seed: FrameProperties.seed)
            .encode(heartbeat, sentAt: WallTime(1 << 40), into: &encoded)
        let body = Array(encoded[24...])
        let made = FrameBytes.sealed(kind: 1, clock: 40, body, FrameProperties.seed)
        #expect(made == encoded)
        #expect(FrameBytes.first(in: (encoded + [1, 2, 3])[...]) == encoded)
    }

    @Test func theChainOfARealLogIsFoundByHand() throws {
        var disk = SimulatedDisk()
        try disk.makeDirectory("node-1")
        try WriteAheadLog.create(
            disk: &disk, directory: CraftedLog.directory, identity: CraftedLog.identity)
        var (log, _) = try WriteAheadLog.open(
            disk: &disk, directory: CraftedLog.directory, identity: CraftedLog.identity,
            options: WALOptions(), committed: .zero)
        let entries = (1...5).map {
            Entry(
                index: LogIndex($0), term: Term(2), kind: .commands,
                data: [UInt8](repeating: UInt8($0), count: Int($0)))
        }
        let state = HardState(term: Term(2), vote: NodeID(1))
        log.append(LogWrite(id: WriteID(1), hardState: state, truncateFrom: nil, entries: entries))
        _ = try log.sync()
        let path = "\(CraftedLog.directory)/00000000000000000001.wal"
        var bytes = try #require(log.disk.contents(of: path))
        #expect(
            LogBytes.chain(in: bytes, number: 1).entries == entries.map(LogBytes.body(of:)))
        #expect(LogBytes.chain(in: bytes, number: 2).entries.isEmpty)
        // The third entry's data; it and what follows are lost.
        let third = LogBytes.body(of: entries[2])
        let place = try #require(bytes.indices.first { bytes[$0...].starts(with: third) })
        bytes[place + 17] ^= 1
        #expect(LogBytes.chain(in: bytes, number: 1).entries.count == 2)
    }

    @Test func aCraftedLogWithoutOddDecisionsIsSound() throws {
        // Three entries, a second segment, an entry, a mark.
        var choices = Choices([0, 0, 9, 0, 9, 0, 9, 7, 0, 0, 9, 6])
        let crafted = CraftedLog(&choices)
        var disk = try crafted.disk()
        let (log, restored) = try WriteAheadLog.open(
            disk: &disk, directory: CraftedLog.directory, identity: CraftedLog.identity,
            options: WALOptions(), committed: .zero)
        #expect(log.last == LogPosition(term: Term(1), index: LogIndex(4)))
        #expect(restored.tail.count == 4)
        #expect(crafted.chainedEntries.count == 4)
    }

    @Test func whatDoesNotHoldIsThrown() {
        #expect(throws: BrokenProperty("so")) { try require(false, "so") }
        #expect(throws: BrokenProperty("there")) { try require(Int?.none, "there") }
        #expect(throws: Never.self) { try require(true, "so") }
    }
}
