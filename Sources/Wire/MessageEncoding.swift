import Primitives
package import Raft

// Raft messages as a frame's body: a tag, then the fields in order, little-endian.
// Entries carry no index: they are consecutive from the one after `previous`, so that a gap
// (openraft #1795) can't be said.

/// Which message follows. Raw values are the encoding on the wire.
private enum MessageTag: UInt8 {
    case voteRequest = 1
    case voteResponse = 2
    case appendRequest = 3
    case appendResponse = 4
    case heartbeat = 5
    case heartbeatResponse = 6
    case readRequest = 7
    case readResponse = 8
    case timeoutNow = 9
}

extension Message {
    /// The most entries that one append request may carry and still fit a frame with
    /// `Entry.dataBytesMax` of data.
    package static let entriesMax = 4_096
    /// What an entry takes in an append request besides its data.
    package static let entryOverheadBytes = 13

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .voteRequest(let request):
            writer.tag(.voteRequest, request.term)
            writer.u8(request.kind.rawValue)
            writer.position(request.last)
        case .voteResponse(let response):
            writer.tag(.voteResponse, response.term)
            writer.u8(response.kind.rawValue)
            writer.u8(response.verdict.rawValue)
        case .appendRequest(let request):
            writer.tag(.appendRequest, request.term)
            writer.body(of: request)
        case .appendResponse(let response):
            writer.tag(.appendResponse, response.term)
            writer.result(response.result)
        case .heartbeat(let heartbeat):
            writer.tag(.heartbeat, heartbeat.term)
            writer.u64(heartbeat.commit.rawValue)
            writer.u64(heartbeat.round.rawValue)
        case .heartbeatResponse(let response):
            writer.tag(.heartbeatResponse, response.term)
            writer.u64(response.round.rawValue)
        case .readRequest(let request):
            writer.tag(.readRequest, request.term)
            writer.u64(request.id.rawValue)
        case .readResponse(let response):
            writer.tag(.readResponse, response.term)
            writer.u64(response.id.rawValue)
            writer.optionalIndex(response.index)
        case .timeoutNow(let request):
            writer.tag(.timeoutNow, request.term)
        }
    }
}

extension ByteWriter {
    fileprivate mutating func tag(_ tag: MessageTag, _ term: Term) {
        u8(tag.rawValue)
        u64(term.rawValue)
    }

    fileprivate mutating func position(_ position: LogPosition) {
        u64(position.term.rawValue)
        u64(position.index.rawValue)
    }

    fileprivate mutating func body(of request: AppendRequest) {
        position(request.previous)
        u64(request.commit.rawValue)
        u32(UInt32(request.entries.count))
        var expected = request.previous.index
        for entry in request.entries {
            expected = expected.next
            invariant(entry.index == expected, "entry \(entry.index) where \(expected) belongs")
            u64(entry.term.rawValue)
            u8(entry.kind.rawValue)
            u32(UInt32(entry.data.count))
            raw(entry.data)
        }
    }

    fileprivate mutating func result(_ result: AppendResponse.Result) {
        switch result {
        case .accepted(let match):
            u8(1)
            u64(match.rawValue)
        case .rejected(let previous, let hint):
            u8(0)
            u64(previous.rawValue)
            position(hint)
        }
    }

    fileprivate mutating func optionalIndex(_ index: LogIndex?) {
        u8(index == nil ? 0 : 1)
        if let index { u64(index.rawValue) }
    }
}

extension Message {
    /// Nil when a field has a value that no sender writes.
    static func decode(from reader: inout ByteReader) throws(ByteReaderError) -> Message? {
        let tag = MessageTag(rawValue: try reader.u8())
        guard let tag, let term = Term(encoded: try reader.u64()) else { return nil }
        switch tag {
        case .voteRequest:
            let kind = VoteKind(rawValue: try reader.u8())
            guard let kind, let last = try reader.position() else { return nil }
            return .voteRequest(VoteRequest(kind: kind, term: term, last: last))
        case .voteResponse:
            let kind = VoteKind(rawValue: try reader.u8())
            let verdict = VoteResponse.Verdict(rawValue: try reader.u8())
            guard let kind, let verdict else { return nil }
            return .voteResponse(VoteResponse(kind: kind, term: term, verdict: verdict))
        case .appendRequest:
            return try reader.appendRequest(of: term).map { .appendRequest($0) }
        case .appendResponse:
            return try reader.appendResult().map {
                .appendResponse(AppendResponse(term: term, result: $0))
            }
        case .heartbeat:
            guard let commit = try reader.index() else { return nil }
            let round = ReadRound(try reader.u64())
            return .heartbeat(Heartbeat(term: term, commit: commit, round: round))
        case .heartbeatResponse:
            let round = ReadRound(try reader.u64())
            return .heartbeatResponse(HeartbeatResponse(term: term, round: round))
        case .readRequest:
            return .readRequest(ReadRequest(term: term, id: ReadID(try reader.u64())))
        case .readResponse:
            return try reader.readResponse(of: term).map { .readResponse($0) }
        case .timeoutNow:
            return .timeoutNow(TimeoutNow(term: term))
        }
    }
}

extension ByteReader {
    fileprivate mutating func index() throws(ByteReaderError) -> LogIndex? {
        LogIndex(encoded: try u64())
    }

    fileprivate mutating func position() throws(ByteReaderError) -> LogPosition? {
        let term = Term(encoded: try u64())
        guard let term, let index = try index() else { return nil }
        return LogPosition(term: term, index: index)
    }

    fileprivate mutating func appendRequest(
        of term: Term
    ) throws(ByteReaderError) -> AppendRequest? {
        guard let previous = try position(), let commit = try index() else { return nil }
        let count = Int(try u32())
        // Bounds what the count makes this process allocate before an entry has been seen.
        guard count <= remaining / Message.entryOverheadBytes,
            LogIndex(encoded: previous.index.advanced(by: count).rawValue) != nil
        else { return nil }
        var entries: [Entry] = []
        entries.reserveCapacity(count)
        var index = previous.index
        for _ in 0..<count {
            index = index.next
            let entryTerm = Term(encoded: try u64())
            let kind = EntryKind(rawValue: try u8())
            let data = try raw(count: Int(try u32()))
            guard let entryTerm, let kind else { return nil }
            entries.append(Entry(index: index, term: entryTerm, kind: kind, data: data))
        }
        return AppendRequest(term: term, previous: previous, entries: entries, commit: commit)
    }

    fileprivate mutating func appendResult() throws(ByteReaderError) -> AppendResponse.Result? {
        switch try u8() {
        case 1: return try index().map { .accepted(match: $0) }
        case 0:
            guard let previous = try index(), let hint = try position() else { return nil }
            return .rejected(previous: previous, hint: hint)
        default: return nil
        }
    }

    fileprivate mutating func readResponse(of term: Term) throws(ByteReaderError) -> ReadResponse? {
        let id = ReadID(try u64())
        switch try u8() {
        case 0: return ReadResponse(term: term, id: id, index: nil)
        case 1: return try index().map { ReadResponse(term: term, id: id, index: $0) }
        default: return nil
        }
    }
}
