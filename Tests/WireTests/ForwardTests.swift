import Primitives
import Raft
import Testing
import Wire

struct ForwardTests {
    private let encoder = FrameEncoder(seed: FrameSamples.seed)
    private let chunkBytes = 64 * 1_024

    @Test(arguments: [0, 1, 65_000, 65_536, 70_000, 131_072, 1_000_000])
    func forwardsOfEveryLengthArriveWhole(bodyBytes: Int) throws {
        var samples = FrameSamples(seed: 1)
        let request = samples.request(bodyBytes: bodyBytes)
        let response = samples.response(bodyBytes: bodyBytes)
        var sender = ForwardSender(encoder: encoder)
        var stream: [UInt8] = []
        try sender.send(request, sentAt: FrameSamples.sentAt, into: &stream)
        try sender.send(response, sentAt: FrameSamples.sentAt, into: &stream)
        while !sender.isIdle { sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &stream) }
        var reader = FrameReader(seed: FrameSamples.seed)
        reader.feed(stream)
        #expect(try reader.drain() == [.forwardRequest(request), .forwardResponse(response)])
    }

    @Test func heartbeatsAndShortForwardsOvertakeALongOne() throws {
        var samples = FrameSamples(seed: 2)
        let long = samples.request(bodyBytes: 4 * chunkBytes)
        let short = samples.request(bodyBytes: 10)
        let heartbeat = Message.heartbeat(
            Heartbeat(term: Term(1), commit: .zero, round: ReadRound(1)))
        var sender = ForwardSender(encoder: encoder)
        var stream: [UInt8] = []
        try sender.send(long, sentAt: FrameSamples.sentAt, into: &stream)
        #expect(stream.isEmpty)
        sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &stream)
        encoder.encode(heartbeat, sentAt: FrameSamples.sentAt, into: &stream)
        sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &stream)
        try sender.send(short, sentAt: FrameSamples.sentAt, into: &stream)
        while !sender.isIdle { sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &stream) }
        var reader = FrameReader(seed: FrameSamples.seed)
        reader.feed(stream)
        #expect(
            try reader.drain() == [.raft(heartbeat), .forwardRequest(short), .forwardRequest(long)])
    }

    @Test func aHeartbeatWaitsBehindOneChunkAtMost() throws {
        var samples = FrameSamples(seed: 3)
        var sender = ForwardSender(encoder: encoder)
        var stream: [UInt8] = []
        try sender.send(
            samples.request(bodyBytes: 1_000_000), sentAt: FrameSamples.sentAt, into: &stream)
        sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &stream)
        #expect(stream.count <= chunkBytes + 64)
    }

    @Test func anImportOf16MiBFitsAndMoreThan17DoesNot() throws {
        var samples = FrameSamples(seed: 4)
        let mebibyte = 1_024 * 1_024
        let largest = samples.request(bodyBytes: 16 * mebibyte)
        var sender = ForwardSender(encoder: encoder)
        var stream: [UInt8] = []
        try sender.send(largest, sentAt: FrameSamples.sentAt, into: &stream)
        #expect(throws: ForwardSendError.self) {
            try sender.send(
                samples.request(bodyBytes: 17 * mebibyte), sentAt: FrameSamples.sentAt,
                into: &stream)
        }
        var reader = FrameReader(seed: FrameSamples.seed)
        var frames: [PeerFrame] = []
        while !sender.isIdle {
            stream.removeAll(keepingCapacity: true)
            sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &stream)
            reader.feed(stream)
            frames += try reader.drain()
        }
        #expect(frames == [.forwardRequest(largest)])
    }

    @Test func longForwardsBeyondTheLimitAreRefusedAsBusy() throws {
        var samples = FrameSamples(seed: 5)
        let long = samples.request(bodyBytes: 16 * 1_024 * 1_024)
        var sender = ForwardSender(encoder: encoder)
        var stream: [UInt8] = []
        try sender.send(long, sentAt: FrameSamples.sentAt, into: &stream)
        try sender.send(long, sentAt: FrameSamples.sentAt, into: &stream)
        #expect(throws: ForwardSendError.busy) {
            try sender.send(long, sentAt: FrameSamples.sentAt, into: &stream)
        }
        #expect(stream.isEmpty)
    }

    @Test func chunksOutOfOrderOrInterleavedOrShortAreRefused() throws {
        var samples = FrameSamples(seed: 6)
        let first = try chunks(of: samples.request(bodyBytes: 3 * chunkBytes))
        let second = try chunks(of: samples.request(bodyBytes: 3 * chunkBytes))
        expect(.outOfOrder, from: [first[0], first[2]])
        expect(.outOfOrder, from: [first[1]])
        expect(.outOfOrder, from: [first[0], second[1]])
        expect(.interleaved, from: [first[0], second[0]])
    }

    @Test func aPayloadThatEndsInTheMiddleIsRefused() throws {
        var samples = FrameSamples(seed: 7)
        let request = samples.request(bodyBytes: 0)
        var sender = ForwardSender(encoder: encoder)
        var frame: [UInt8] = []
        try sender.send(request, sentAt: FrameSamples.sentAt, into: &frame)
        // A shorter frame with a right checksum: the last header is cut in two.
        let bodyBytes = frame.count - FrameHeader.bytes - 4
        var bytes = Array(frame[..<(frame.count - 4)])
        bytes[4] = UInt8(bodyBytes)
        var crc = CRC32C(seed: FrameSamples.seed.checksum)
        crc.update(bytes[..<20])
        crc.update(bytes[FrameHeader.bytes...])
        var writer = ByteWriter(appendingTo: bytes)
        writer.patch(u32: crc.value, at: 20)
        var reader = FrameReader(seed: FrameSamples.seed)
        reader.feed(writer.bytes)
        #expect(throws: FrameError.self) { try reader.next() }
    }

    private func chunks(of request: ForwardRequest) throws -> [[UInt8]] {
        var sender = ForwardSender(encoder: encoder)
        var unused: [UInt8] = []
        try sender.send(request, sentAt: FrameSamples.sentAt, into: &unused)
        var chunks: [[UInt8]] = []
        while !sender.isIdle {
            var chunk: [UInt8] = []
            sender.sendNextChunk(sentAt: FrameSamples.sentAt, into: &chunk)
            chunks.append(chunk)
        }
        return chunks
    }

    private func expect(_ error: ForwardAssemblyError, from chunks: [[UInt8]]) {
        var reader = FrameReader(seed: FrameSamples.seed)
        reader.feed(chunks.flatMap { $0 })
        #expect(throws: FrameError.forward(error)) { try reader.drain() }
    }
}
