import Inventory
import Primitives
import Raft
import Wire

/// Inputs that the peers' targets accept: frames of every kind, batches of every command.
enum PeerSeeds {
    /// Nobody interferes; then one change in each message.
    static let meetings: [[UInt8]] = [
        [], [0, 0, 0, 0, 0, 0, 5], [0, 0, 0, 0, 0, 1, 0, 9, 1], [0, 0, 0, 0, 0, 0, 0, 1, 0, 60, 8],
        [0, 0, 0, 0, 0, 0, 0, 0, 0, 5], [0, 0, 0, 0, 0, 2, 0, 4, 0x68, 0x64, 0x66, 0x73],
        [255, 0, 0, 0, 0], [0, 255, 0, 0, 0], [0, 0, 0, 1, 2, 0, 0, 3, 20, 4, 3, 1, 2, 3],
    ]

    static var frames: [[UInt8]] {
        let encoder = FrameEncoder(seed: FrameProperties.seed)
        var inputs = messages.map { message in
            input { encoder.encode(message, sentAt: .zero, into: &$0) }
        }
        inputs.append(
            input {
                let digest = StateDigest(index: LogIndex(9), digest: 7)
                encoder.encode(digest, sentAt: .zero, into: &$0)
            })
        inputs += forwards
        inputs.append(inputs.reduce([], +))
        // Bytes that are no frame.
        inputs.append([0xC0, 0, 0, 4, 1, 2, 3, 4])
        return inputs
    }

    private static var messages: [Message] {
        let (term, index) = (Term(3), LogIndex(9))
        let position = LogPosition(term: Term(2), index: index)
        let highest = LogPosition(term: Term(1), index: LogIndex(UInt64(Int64.max)))
        let beyond = Entry(index: highest.index.next, term: term, kind: .noop, data: [])
        let entries = [
            Entry(index: LogIndex(10), term: term, kind: .noop, data: []),
            Entry(index: LogIndex(11), term: term, kind: .commands, data: [1, 2, 3]),
        ]
        return [
            .voteRequest(VoteRequest(kind: .preVote, term: term, last: position)),
            .voteResponse(VoteResponse(kind: .vote, term: term, verdict: .granted)),
            .appendRequest(
                AppendRequest(term: term, previous: position, entries: entries, commit: index)),
            .appendRequest(
                AppendRequest(term: term, previous: highest, entries: [beyond], commit: index)),
            .appendResponse(AppendResponse(term: term, result: .accepted(match: index))),
            .appendResponse(
                AppendResponse(term: term, result: .rejected(previous: index, hint: position))),
            .heartbeat(Heartbeat(term: term, commit: index, round: ReadRound(5))),
            .heartbeatResponse(HeartbeatResponse(term: term, round: ReadRound(5))),
            .readRequest(ReadRequest(term: term, id: ReadID(1))),
            .readResponse(ReadResponse(term: term, id: ReadID(1), index: index)),
            .readResponse(ReadResponse(term: term, id: ReadID(1), index: nil)),
            .timeoutNow(TimeoutNow(term: term)),
        ]
    }

    private static var forwards: [[UInt8]] {
        let request = ForwardRequest(
            id: 4, method: "POST", target: "/events/e/reservations?x=y",
            headers: [
                ForwardHeader(name: "host", value: "a"), ForwardHeader(name: "x", value: ""),
            ], body: Array("{}".utf8))
        let responses = [(201, "retry-after"), (204, "x"), (200, "content-length")].map {
            ForwardResponse(
                id: 4, status: $0, headers: [ForwardHeader(name: $1, value: "1")],
                body: Array("{}".utf8))
        }
        let encoder = FrameEncoder(seed: FrameProperties.seed)
        var sender = ForwardSender(encoder: encoder)
        let short =
            [
                input { try? sender.send(request, sentAt: .zero, into: &$0) }
            ]
            + responses.map { response in
                input { try? sender.send(response, sentAt: .zero, into: &$0) }
            }
        return short + [longForward(of: short[0])]
    }

    /// A full chunk that is not the last one, whose rest is filled in, and the last one.
    private static func longForward(of short: [UInt8]) -> [UInt8] {
        var first = short
        first[0] |= 0x80
        let place = 4 + 12
        first[place] = 0
        var last = Array(short[..<place])
        (last[2], last[3]) = (0, 20)
        last[4 + 8] = 1
        return first + last + [1] + Array("the end".utf8)
    }

    /// A frame's kind and body, as `FrameProperties` takes them.
    private static func input(_ encode: (inout [UInt8]) -> Void) -> [UInt8] {
        var frame: [UInt8] = []
        encode(&frame)
        let body = frame.dropFirst(24)
        return [frame[3], 40, UInt8(body.count >> 8), UInt8(body.count & 0xFF)] + body
    }

    static var batches: [[UInt8]] {
        let layout = LayoutCodec.encode([
            LayoutSection(
                id: "P", name: "Parquet", color: "red",
                rows: [
                    LayoutRow(id: "A", seats: .range(first: 1, last: 30)),
                    LayoutRow(id: "B", seats: .labels(["x", "y"])),
                ])
        ])
        let venue = VenueID(shard: .system, bits: 1)
        let part = SystemCommand.importVenuePart(
            ImportVenuePart(venue: venue, part: 0, count: 1, bytes: layout))
        let commands = [.system(part)] + CommandSeeds.all(venue)
        return [layout]
            + commands.map { CommandBatch(stamp: WallTime(5), commands: [$0]).encoded() }
            + [CommandBatch(stamp: .zero, commands: commands).encoded()]
    }
}
