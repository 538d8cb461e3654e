import Primitives
import Raft
import SystemIO
import Wire

/// What waits to go to one peer. Small frames go straight to the output; appends and short
/// forwards wait behind them, and long forwards add a chunk at a time. The output is filled with
/// little more than a frame or two, so that the next heartbeat waits for no more than that.
struct SendQueue {
    /// Bulk is moved to the output while less than this waits there.
    private static let outputBytesUsual = FrameHeader.bodyBytesMax
    /// Frames smaller than this share an array on their way.
    private static let gatherBytesMax = 4_096
    /// Outputs sent by one flush; the loop's other work must not wait for a long queue.
    private static let refillsMax = 4

    private let encoder: FrameEncoder
    private let bulkBytesMax: Int
    private var output: OutputBuffer
    /// Whole frames, encoded, in order; those before `bulkHead` have gone to the output.
    private var bulk: [[UInt8]] = []
    private var bulkHead = 0
    private var bulkBytes = 0
    private var forwards: ForwardSender
    /// Bulk that has gone to the output since a long forward's last chunk.
    private var bulkSinceChunk = 0
    /// Bytes that sockets took.
    private(set) var bytesSent = 0

    init(seed: FrameSeed, limits: PeerLimits) {
        encoder = FrameEncoder(seed: seed)
        forwards = ForwardSender(encoder: encoder)
        bulkBytesMax = limits.bulkBytesMax
        // Bulk passes its share by less than one frame.
        output = OutputBuffer(
            byteLimit: 2 * Self.outputBytesUsual + Self.gatherBytesMax + limits.urgentBytesMax)
    }

    var isEmpty: Bool { output.isEmpty && bulkBytes == 0 && forwards.isIdle }

    /// Encodes the frame behind others of its kind.
    mutating func append(_ frame: PeerFrame, sentAt: WallTime) -> SendOutcome {
        switch frame {
        case .raft(.appendRequest(let request)):
            // Appends keep their order, empty ones too: a probe that overtook entries would be
            // rejected. Raft allows all other messages to overtake them.
            return appendBulk(frameBytes: request.frameBytes) { [encoder] _, buffer in
                encoder.encode(.appendRequest(request), sentAt: sentAt, into: &buffer)
            }
        case .raft(let message):
            return appendUrgent { [encoder] in
                encoder.encode(message, sentAt: sentAt, into: &$0)
            }
        case .stateDigest(let digest):
            return appendUrgent { [encoder] in
                encoder.encode(digest, sentAt: sentAt, into: &$0)
            }
        case .forwardRequest(let request):
            return appendBulk { (forwards, buffer) throws(ForwardSendError) in
                try forwards.send(request, sentAt: sentAt, into: &buffer)
            }
        case .forwardResponse(let response):
            return appendBulk { (forwards, buffer) throws(ForwardSendError) in
                try forwards.send(response, sentAt: sentAt, into: &buffer)
            }
        }
    }

    private mutating func appendUrgent(_ write: (inout [UInt8]) -> Void) -> SendOutcome {
        output.offer(writing: write) ? .queued : .dropped(.queueFull)
    }

    /// - Parameter frameBytes: about how large the frame is, for one that may be large.
    private mutating func appendBulk(
        frameBytes: Int = 0,
        _ write: (inout ForwardSender, inout [UInt8]) throws(ForwardSendError) -> Void
    ) -> SendOutcome {
        guard bulkBytes < bulkBytesMax else { return .dropped(.queueFull) }
        let isLarge = frameBytes >= Self.gatherBytesMax
        if isLarge || bulkHead == bulk.count || bulk[bulk.count - 1].count >= Self.gatherBytesMax {
            bulk.append([])
            // Room made at once instead of by doubling.
            if isLarge { bulk[bulk.count - 1].reserveCapacity(frameBytes) }
        }
        let last = bulk.count - 1
        bulkBytes -= bulk[last].count
        defer { bulkBytes += bulk[last].count }
        do {
            try write(&forwards, &bulk[last])
            return .queued
        } catch {
            switch error {
            case .tooLong: return .dropped(.tooLong)
            case .busy: return .dropped(.queueFull)
            }
        }
    }

    /// Sends until nothing is left, the socket takes no more, or it has had its share of the turn;
    /// `.blocked` for both of these. Throws when the connection is broken.
    mutating func flush(
        to socket: borrowing StreamSocket, at time: WallTime
    ) throws(SystemError) -> Flushed {
        for _ in 0..<Self.refillsMax {
            refill(at: time)
            let before = output.count
            let flushed = try output.flush(to: socket)
            bytesSent += before - output.count
            if flushed == .blocked { return .blocked }
            if isEmpty { return .everything }
        }
        return .blocked
    }

    /// One chunk of a long forward for each output's worth of bulk: neither starves the other.
    private mutating func refill(at time: WallTime) {
        while output.count < Self.outputBytesUsual {
            let bulkIsDue = bulkSinceChunk < Self.outputBytesUsual || forwards.isIdle
            if bulkIsDue, bulkHead < bulk.count {
                let frames = bulk[bulkHead]
                bulk[bulkHead] = []
                bulkHead += 1
                bulkBytes -= frames.count
                bulkSinceChunk += frames.count
                pass(frames)
            } else if !forwards.isIdle {
                var chunk: [UInt8] = []
                forwards.sendNextChunk(sentAt: time, into: &chunk)
                bulkSinceChunk = 0
                pass(chunk)
            } else {
                break
            }
        }
        // Forget what has gone in passing, often enough that the queue stays in proportion.
        if bulkHead * 2 >= bulk.count {
            bulk.removeFirst(bulkHead)
            bulkHead = 0
        }
    }

    private mutating func pass(_ frames: [UInt8]) {
        let taken = output.offer(frames)
        invariant(taken, "an output of \(output.count) bytes took no bulk")
    }
}

extension AppendRequest {
    /// About the bytes of its frame.
    fileprivate var frameBytes: Int {
        entries.reduce(64) { $0 + $1.data.count + Message.entryOverheadBytes }
    }
}
