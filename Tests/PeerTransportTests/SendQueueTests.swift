import Glibc
import Primitives
import Raft
import SystemIO
import Testing
import Wire

@testable import PeerTransport

/// What may wait for a slow peer, and what overtakes it.
struct SendQueueTests {
    /// A queue whose socket nobody reads from, until `arrived` does.
    private final class Link {
        var queue: SendQueue
        let near: StreamSocket
        let far: StreamSocket
        private var reader: FrameReader

        init(_ limits: PeerLimits = PeerLimits()) throws {
            var numbers: [Int32] = [0, 0]
            let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue)
            try #require(socketpair(AF_UNIX, type, 0, &numbers) == 0)
            near = StreamSocket(Descriptor(owning: numbers[0]))
            far = StreamSocket(Descriptor(owning: numbers[1]))
            let seed = FrameSeed(cluster: ClusterID(1), group: .first)
            queue = SendQueue(seed: seed, limits: limits)
            reader = FrameReader(seed: seed)
        }

        func append(_ frame: PeerFrame) -> SendOutcome {
            queue.append(frame, sentAt: WallTime(5))
        }

        /// Flushes and receives until all is there: frames' labels, and "part" for each part of a
        /// forward but the last.
        func arrived() throws -> [String] {
            var frames: [String] = []
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                _ = try queue.flush(to: near, at: WallTime(6))
                guard case .bytes(let count) = try far.receive(into: &buffer) else { break }
                reader.feed(Array(buffer[..<count]))
                while let frame = try reader.next() {
                    switch frame.content {
                    case .complete(let content): frames.append(content.label)
                    case .partial: frames.append("part")
                    }
                }
            }
            #expect(queue.isEmpty)
            return frames
        }
    }

    @Test func aFullQueueDropsAppendsAndPassesEverythingSmall() throws {
        var limits = PeerLimits()
        limits.bulkBytesMax = 1 << 20
        let link = try Link(limits)
        var queued = 0
        while link.append(append(UInt64(queued + 1), bytes: 50_000)) == .queued {
            queued += 1
            try #require(queued < 100)
        }
        #expect(queued == 21)
        #expect(link.append(append(99, bytes: 0)) == .dropped(.queueFull))
        #expect(link.append(request(1, bytes: 1)) == .dropped(.queueFull))
        #expect(link.append(response(1, bytes: 1)) == .dropped(.queueFull))
        for frame in urgentFrames { #expect(link.append(frame) == .queued) }
        let expected = urgentFrames + (1...queued).map { append(UInt64($0), bytes: 50_000) }
        #expect(try link.arrived() == expected.map(\.label))
    }

    @Test func smallFramesAreBoundedToo() throws {
        var limits = PeerLimits()
        limits.urgentBytesMax = 1
        let link = try Link(limits)
        var queued = 0
        while link.append(heartbeat(UInt64(queued))) == .queued {
            queued += 1
            try #require(queued < 100_000)
        }
        #expect(link.append(digest(1)) == .dropped(.queueFull))
        #expect(try link.arrived().count == queued)
        #expect(link.append(digest(1)) == .queued)
    }

    @Test func aHeartbeatWaitsForLittleOfABlockedQueue() throws {
        let link = try Link()
        for index in 1...60 {
            #expect(link.append(append(UInt64(index), bytes: 100_000)) == .queued)
        }
        #expect(try link.queue.flush(to: link.near, at: .zero) == .blocked)
        #expect(link.append(heartbeat(7)) == .queued)
        let inSocket = link.queue.bytesSent
        let frames = try link.arrived()
        let place = try #require(frames.firstIndex(of: heartbeat(7).label))
        #expect(place * 100_000 <= inSocket + FrameHeader.bodyBytesMax + 100_000)
        #expect(
            frames.filter { $0 != heartbeat(7).label }
                == (1...60).map { append(UInt64($0), bytes: 100_000).label })
    }

    @Test func appendsOvertakeTheChunksOfALongForward() throws {
        let link = try Link()
        let long = request(1, bytes: 1_500_000)
        #expect(link.append(long) == .queued)
        for index in 1...40 {
            #expect(link.append(append(UInt64(index), bytes: 30_000)) == .queued)
        }
        #expect(link.append(heartbeat(1)) == .queued)
        let frames = try link.arrived()
        #expect(frames.first == heartbeat(1).label)
        #expect(frames.last == long.label)
        let appends = frames.filter { $0.hasPrefix("append") }
        #expect(appends == (1...40).map { append(UInt64($0), bytes: 30_000).label })
        let lastAppend = try #require(frames.lastIndex { $0.hasPrefix("append") })
        let before = frames[..<lastAppend].count { $0 == "part" }
        // Some chunks go in between, so that it is not starved; most come after.
        #expect((1...10).contains(before))
    }

    @Test func longForwardsFollowEachOtherWhole() throws {
        let link = try Link()
        let frames = [
            response(1, bytes: 200_000), request(2, bytes: 200_000), request(3, bytes: 5),
        ]
        for frame in frames { #expect(link.append(frame) == .queued) }
        let arrived = try link.arrived().filter { $0 != "part" }
        #expect(arrived == [frames[2], frames[0], frames[1]].map(\.label))
    }

    @Test func aForwardBeyondItsLimitsIsRefused() throws {
        let link = try Link()
        let most = ForwardSender.messageBytesMax
        #expect(link.append(request(1, bytes: most + 1)) == .dropped(.tooLong))
        #expect(link.append(request(2, bytes: most - 100)) == .queued)
        #expect(link.append(request(3, bytes: most - 100)) == .queued)
        #expect(link.append(request(4, bytes: most - 100)) == .dropped(.queueFull))
        #expect(link.append(request(5, bytes: 1)) == .queued)
    }

    @Test func oneFlushSendsABoundedShare() throws {
        let link = try Link()
        for index in 1...60 {
            #expect(link.append(append(UInt64(index), bytes: 100_000)) == .queued)
        }
        // A socket that takes everything would take no more than this.
        _ = try link.queue.flush(to: link.near, at: .zero)
        #expect(link.queue.bytesSent <= 4 * (FrameHeader.bodyBytesMax + 100_100))
    }

    @Test func orderSurvivesManyRoundsOfFillingAndFlushing() throws {
        let link = try Link()
        var random = PRNG(seed: 5)
        var index: UInt64 = 0
        var arrived: [String] = []
        var expected: [String] = []
        for _ in 0..<50 {
            for _ in 0..<random.next(in: 0...20) {
                index += 1
                let frame = append(index, bytes: random.next(in: 0...9_000))
                #expect(link.append(frame) == .queued)
                expected.append(frame.label)
            }
            _ = try link.queue.flush(to: link.near, at: .zero)
            if random.next(below: 3) == 0 { arrived += try link.arrived() }
        }
        arrived += try link.arrived()
        #expect(arrived == expected)
    }
}
