import Primitives
import Raft
import Testing
import Wire

struct FrameTests {
    @Test(arguments: 0..<20)
    func everyFrameRoundTripsWhereverTheStreamIsCut(seed: UInt64) throws {
        var samples = FrameSamples(seed: seed)
        let frames = samples.frames()
        let stream = frames.flatMap(\.bytes)
        var random = PRNG(seed: seed)
        var reader = FrameReader(seed: FrameSamples.seed)
        var decoded: [PeerFrame] = []
        var position = 0
        while position < stream.count {
            let end = min(stream.count, position + random.next(in: 1...70))
            reader.feed(Array(stream[position..<end]))
            decoded += try reader.drain()
            position = end
        }
        #expect(decoded == frames.map(\.frame))
    }

    @Test func everyFrameIsAClockSample() throws {
        var samples = FrameSamples(seed: 1)
        for sample in samples.frames() {
            var reader = FrameReader(seed: FrameSamples.seed)
            reader.feed(sample.bytes)
            #expect(try reader.next()?.sentAt == FrameSamples.sentAt)
        }
    }

    @Test func everyTruncationOfAFrameIsIncomplete() throws {
        var samples = FrameSamples(seed: 2)
        for sample in samples.frames() {
            for length in 0..<sample.bytes.count {
                var reader = FrameReader(seed: FrameSamples.seed)
                reader.feed(Array(sample.bytes[..<length]))
                #expect(try reader.next() == nil)
            }
        }
    }

    /// A flip in the length may also leave the frame waiting for bytes that never come.
    @Test func everyFlippedBitIsAnErrorOrIncomplete() {
        var samples = FrameSamples(seed: 3)
        for sample in samples.frames() {
            for bit in 0..<sample.bytes.count * 8 {
                var bytes = sample.bytes
                bytes[bit / 8] ^= 1 << UInt8(bit % 8)
                var reader = FrameReader(seed: FrameSamples.seed)
                reader.feed(bytes)
                let frames = try? reader.drain()
                #expect(frames == nil || frames == [], "bit \(bit) of \(sample.frame)")
            }
        }
    }

    @Test(arguments: 0..<200)
    func noBytesWithARightChecksumMakeTheDecoderTrap(seed: UInt64) {
        var random = PRNG(seed: seed)
        var samples = FrameSamples(seed: seed)
        let frames = samples.frames()
        var bytes = frames[random.next(in: 0...frames.count - 1)].bytes
        let header = FrameHeader.bytes
        for _ in 0..<random.next(in: 1...4) where bytes.count > header {
            let victim = random.next(in: header...bytes.count - 1)
            bytes[victim] = random.next(in: 0...1) == 0 ? 0xFF : UInt8(random.next(in: 0...255))
        }
        repairChecksum(&bytes)
        var reader = FrameReader(seed: FrameSamples.seed)
        reader.feed(bytes)
        let outcome = Result { () throws(FrameError) in try reader.drain() }
        switch outcome {
        case .success(let frames): #expect(frames.count <= 1)
        case .failure(.malformed), .failure(.invalidField), .failure(.forward): break
        case .failure(let error): Issue.record("unexpected \(error)")
        }
    }

    @Test func aFrameOfAnotherClusterOrGroupNeverPasses() {
        var samples = FrameSamples(seed: 4)
        let others = [
            FrameSeed(cluster: ClusterID(0xC2), group: .first),
            FrameSeed(cluster: ClusterID(0xC1), group: GroupID(1)),
        ]
        for sample in samples.frames() {
            for other in others {
                var reader = FrameReader(seed: other)
                reader.feed(sample.bytes)
                #expect(throws: FrameError.checksumMismatch) { try reader.next() }
            }
        }
    }

    @Test func headersOfOtherProtocolsVersionsKindsAndFlagsAreNamedErrors() {
        expectHeaderError(.badMagic(0x6649)) { $0[0] = 0x49 }
        expectHeaderError(.unsupportedVersion(2)) { $0[2] = 2 }
        expectHeaderError(.unknownKind(9)) { $0[3] = 9 }
        expectHeaderError(.bodyTooLong(bytes: 262_145)) {
            $0.replaceSubrange(4..<8, with: [1, 0, 4, 0])
        }
        expectHeaderError(.clockOutOfRange) { $0[15] = 0x80 }
        expectHeaderError(.unsupportedFlags(1)) { $0[16] = 1 }
    }

    @Test func anErrorIsThrownAgainByEveryLaterCall() {
        var samples = FrameSamples(seed: 5)
        let frames = samples.frames()
        var reader = FrameReader(seed: FrameSamples.seed)
        var bad = frames[0].bytes
        bad[0] ^= 1
        reader.feed(bad)
        #expect(throws: FrameError.self) { try reader.next() }
        reader.feed(frames[1].bytes)
        #expect(throws: FrameError.badMagic(0x6649)) { try reader.next() }
    }

    @Test func theLargestAppendFitsAFrame() throws {
        let count = Message.entriesMax
        let share = Entry.dataBytesMax / count
        let entries = (1...count).map {
            Entry(
                index: LogIndex(UInt64($0)), term: Term(3), kind: .commands,
                data: [UInt8](repeating: 7, count: share))
        }
        let message = Message.appendRequest(
            AppendRequest(term: Term(3), previous: .zero, entries: entries, commit: .zero))
        var bytes: [UInt8] = []
        FrameEncoder(seed: FrameSamples.seed).encode(
            message, sentAt: FrameSamples.sentAt, into: &bytes)
        var reader = FrameReader(seed: FrameSamples.seed)
        bytes.withUnsafeBytes { reader.feed($0) }
        #expect(try reader.drain() == [.raft(message)])
    }

    @Test func termsAndIndexesNearOverflowAreRefused() {
        for offset in [1, 9, 17, 25] {
            var bytes: [UInt8] = []
            FrameEncoder(seed: FrameSamples.seed).encode(
                .appendRequest(
                    AppendRequest(term: Term(1), previous: .zero, entries: [], commit: .zero)),
                sentAt: FrameSamples.sentAt, into: &bytes)
            bytes[FrameHeader.bytes + offset + 7] = 0xFF
            repairChecksum(&bytes)
            var reader = FrameReader(seed: FrameSamples.seed)
            reader.feed(bytes)
            #expect(throws: FrameError.invalidField(.raft)) { try reader.next() }
        }
    }

    @Test func aBufferThatHasGrownIsUsedAgainForTheNextFrames() {
        var samples = FrameSamples(seed: 7)
        let messages = (0..<FrameSamples.messageKinds).map { samples.message($0) }
        let encoder = FrameEncoder(seed: FrameSamples.seed)
        var buffer: [UInt8] = []
        var addresses: Set<UInt> = []
        for round in 0..<20 {
            buffer.removeAll(keepingCapacity: true)
            for message in messages {
                encoder.encode(message, sentAt: FrameSamples.sentAt, into: &buffer)
            }
            let address = buffer.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
            if round > 0 { addresses.insert(address) }
        }
        #expect(addresses.count == 1)
    }

    private func expectHeaderError(_ error: FrameError, _ change: (inout [UInt8]) -> Void) {
        var samples = FrameSamples(seed: 6)
        var bytes = samples.frames()[0].bytes
        change(&bytes)
        var reader = FrameReader(seed: FrameSamples.seed)
        reader.feed(bytes)
        #expect(throws: error) { try reader.next() }
    }

    private func repairChecksum(_ bytes: inout [UInt8]) {
        var crc = CRC32C(seed: FrameSamples.seed.checksum)
        crc.update(bytes[..<20])
        crc.update(bytes[FrameHeader.bytes...])
        var writer = ByteWriter(appendingTo: bytes)
        writer.patch(u32: crc.value, at: 20)
        bytes = writer.bytes
    }
}
