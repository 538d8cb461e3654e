import Primitives
import Raft
import Simulation
import Wire

/// A log's files as an input describes them. Without decisions to the contrary each record is the
/// next one that a sound log would have; with them it may be any, its checksum right all the same.
struct CraftedLog {
    static let directory = "node-1/wal"
    static let identity = NodeIdentity(
        cluster: ClusterID(0xC1), group: .first, node: NodeID(1), incarnation: Incarnation(77))

    private struct Segment {
        var number: UInt64
        var bytes: [UInt8]
    }

    private var segments: [Segment] = []
    private var last = LogPosition.zero
    private var hardState = HardState.initial
    private var chain: UInt32 = 0
    private var synced = LogBytes.headerBytes
    /// What the shards' files state.
    private(set) var committed = LogIndex.zero

    init(_ choices: inout Choices) {
        begin(LogPosition.zero, &choices)
        for _ in 0..<128 {
            guard !choices.isEmpty else { break }
            step(&choices)
        }
    }

    private mutating func step(_ choices: inout Choices) {
        switch choices.number(below: 14) {
        case 0, 1: appendNextEntry(dataBytes: choices.number(below: 40))
        case 2: append(anyEntry(&choices))
        case 3: append(.hardState(HardState(term: hardState.term.next, vote: vote(&choices))))
        case 4:
            let term = Term(UInt64(choices.number(below: 8)))
            append(.hardState(HardState(term: term, vote: vote(&choices))))
        case 5: append(.truncation(index(&choices)))
        case 6: append(.mark)
        case 7: begin(last, &choices)
        case 8:
            begin(
                LogPosition(term: Term(UInt64(choices.number(below: 6))), index: index(&choices)),
                &choices)
        case 9:
            let kind = choices.byte()
            append(.any(kind: kind, body: choices.bytes(atMost: choices.number(below: 48))))
        case 10:
            append(bytes: choices.bytes(atMost: choices.number16() % 600))
        case 11: synced = choices.seldom() ? choices.number16() : segments[newest].bytes.count
        case 12: chain = choices.seldom() ? UInt32(choices.byte()) : chain
        default: damage(&choices)
        }
    }

    private var newest: Int { segments.count - 1 }

    // MARK: records

    private enum Record {
        case entry(Entry)
        case hardState(HardState)
        case truncation(LogIndex)
        case mark
        case any(kind: UInt8, body: [UInt8])
    }

    private mutating func appendNextEntry(dataBytes: Int) {
        let data = [UInt8](
            repeating: UInt8(truncatingIfNeeded: last.index.rawValue), count: dataBytes)
        if hardState.term == .zero { append(.hardState(HardState(term: Term(1), vote: nil))) }
        append(
            .entry(
                Entry(
                    index: last.index.next, term: max(last.term, hardState.term),
                    kind: dataBytes == 0 ? .noop : .commands, data: data)))
    }

    private func anyEntry(_ choices: inout Choices) -> Record {
        .entry(
            Entry(
                index: index(&choices), term: Term(UInt64(choices.number(below: 6))),
                kind: .commands, data: choices.bytes(atMost: 8)))
    }

    private mutating func append(_ record: Record) {
        switch record {
        case .entry(let entry):
            append(kind: 1, LogBytes.body(of: entry))
            last = entry.position
        case .hardState(let state):
            append(kind: 2, LogBytes.body(of: state))
            hardState = state
        case .truncation(let index):
            append(kind: 3, LogBytes.body(ofTruncationFrom: index))
            if index > .zero, index <= last.index {
                last = LogPosition(term: last.term, index: index.previous)
            }
        case .mark: append(kind: 4, [])
        case .any(let kind, let body): append(kind: kind, body)
        }
    }

    private mutating func append(kind: UInt8, _ body: [UInt8]) {
        let record = LogBytes.record(
            kind: kind, body: body, segment: segments[newest].number, synced: synced,
            previous: chain)
        chain = LogBytes.number32(in: record, at: 0)
        append(bytes: record)
    }

    private mutating func append(bytes: [UInt8]) { segments[newest].bytes += bytes }

    // MARK: segments and files

    /// Begins the next segment; its header is that of a sound log unless decisions change it.
    private mutating func begin(_ base: LogPosition, _ choices: inout Choices) {
        guard segments.count < 6 else { return }
        let number = segments.last.map { $0.number + 1 } ?? 1
        var header = LogBytes.Header(
            number: number, base: base, hardState: hardState,
            previousEnd: UInt64(segments.last?.bytes.count ?? 0),
            previousChecksum: segments.isEmpty ? 0 : chain)
        switch choices.byte() {
        case 250: header.previousEnd = choices.number64()
        case 251: header.previousChecksum ^= 1
        case 252: header.number += 1
        case 253: header.hardState.term = Term(UInt64(choices.number(below: 6)))
        case 254: header.base.index = LogIndex(choices.number64())
        default: break
        }
        let bytes = header.bytes(of: Self.identity)
        chain = LogBytes.number32(in: bytes, at: LogBytes.headerBytes - 4)
        synced = LogBytes.headerBytes
        // Far below what would overflow in the next step.
        last = LogPosition(
            term: header.base.term, index: LogIndex(header.base.index.rawValue & 0xFFFF_FFFF))
        segments.append(Segment(number: number, bytes: bytes))
    }

    private mutating func damage(_ choices: inout Choices) {
        let segment = choices.number(below: segments.count)
        let count = segments[segment].bytes.count
        switch choices.number(below: 5) {
        case 0 where count > 0:
            segments[segment].bytes[choices.number16() % count] ^= choices.byte() | 1
        case 1: segments[segment].bytes.removeLast(choices.number16() % (count + 1))
        case 2: append(bytes: [UInt8](repeating: 0, count: choices.number16() % 1_024))
        case 3 where segments.count > 1: segments.removeFirst()
        default: committed = index(&choices)
        }
    }

    private func index(_ choices: inout Choices) -> LogIndex {
        LogIndex(UInt64(choices.number(below: 12)))
    }

    private func vote(_ choices: inout Choices) -> NodeID? {
        let vote = choices.number(below: 3)
        return vote == 0 ? nil : NodeID(UInt16(vote))
    }

    // MARK: the result

    /// The entries' bodies that some segment's unbroken chain holds.
    var chainedEntries: Set<[UInt8]> {
        segments.reduce(into: []) { bodies, segment in
            bodies.formUnion(LogBytes.chain(in: segment.bytes, number: segment.number).entries)
        }
    }

    /// Whether the newest segment states that more of it was synced than its chain reaches.
    var lacksSyncedRecords: Bool {
        let (bytes, number) = (segments[newest].bytes, segments[newest].number)
        let end = LogBytes.chain(in: bytes, number: number).end
        return LogBytes.states(bytes, syncedBeyond: end, number: number)
    }

    /// A disk with these files, everything synced.
    func disk() throws(DiskError) -> SimulatedDisk {
        var disk = SimulatedDisk()
        try disk.makeDirectory(Self.directory)
        for segment in segments {
            let digits = String(segment.number)
            let name = String(repeating: "0", count: 20 - digits.count) + digits + ".wal"
            let file = try disk.open(Self.directory + "/" + name, mode: .create)
            try disk.write(file, at: 0, segment.bytes)
            try disk.sync(file)
        }
        try disk.sync(directory: Self.directory)
        try disk.sync(directory: "node-1")
        try disk.sync(directory: ".")
        return disk
    }
}
