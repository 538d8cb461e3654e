import Primitives
import Raft
import Simulation
import Wire
import WriteAheadLog

/// A log whose files hold whatever an input says, opened.
enum LogProperties {
    private typealias Log = WriteAheadLog<SimulatedDisk>

    /// What a start sees of a log.
    private struct Content: Hashable {
        var hardState: HardState
        var base: LogPosition
        var termRuns: [TermRun]
        var last: LogPosition
        var tail: [Entry]
        var entries: [Entry]
    }

    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        var choices = Choices(input)
        let crafted = CraftedLog(&choices)
        guard let disk = try? crafted.disk() else { throw BrokenProperty("a disk takes files") }
        guard let (log, content) = try open(disk, crafted.committed) else { return .refused }

        let chained = crafted.chainedEntries
        for entry in content.entries {
            try require(
                chained.contains(LogBytes.body(of: entry)),
                "an entry that is returned stands in an unbroken chain: \(entry.position)")
        }
        try require(!crafted.lacksSyncedRecords, "what was synced and is lost is damage")
        try checkOrder(content, committed: crafted.committed)
        try checkRaft(content, committed: crafted.committed)
        try checkReopening(log, content, crafted.committed)
        try checkAppending(log, content, crafted.committed)
        return .accepted
    }

    /// Nil for what is refused, with a reason that has words and without any change to the disk.
    private static func open(
        _ disk: SimulatedDisk, _ committed: LogIndex
    ) throws(BrokenProperty) -> (Log, Content)? {
        var opened = disk
        var log: Log
        let restored: RestoredLog
        do {
            (log, restored) = try Log.open(
                disk: &opened, directory: CraftedLog.directory, identity: CraftedLog.identity,
                options: WALOptions(segmentBytes: 2_048, tailBytesMax: 128, zeroStepBytes: 512),
                committed: committed)
        } catch {
            try require(opened.operations == disk.operations, "a refusal changes nothing: \(error)")
            return nil
        }
        let entries: [Entry]
        do {
            entries = try log.read(from: log.base.index.next, bytesMax: .max)
        } catch {
            throw BrokenProperty("a log that was opened can be read: \(error)")
        }
        return (
            log,
            Content(
                hardState: restored.hardState, base: restored.base, termRuns: restored.termRuns,
                last: restored.last, tail: restored.tail, entries: entries)
        )
    }

    private static func checkOrder(
        _ content: Content, committed: LogIndex
    ) throws(BrokenProperty) {
        var position = content.base
        for entry in content.entries {
            try require(entry.index == position.index.next, "entries are consecutive")
            try require(entry.term >= position.term, "terms never fall")
            position = entry.position
        }
        try require(position == content.last, "the last entry is the last one")
        try require(
            content.entries.suffix(content.tail.count).elementsEqual(content.tail),
            "the tail is the end of the log")
        try require(
            content.base.index <= committed && committed <= content.last.index,
            "what is known committed is there")
        let known = content.last.index.distance(from: committed)
        try require(content.tail.count >= known, "what is not known committed is in memory")
    }

    /// Raft starts from it. A term above that of the hard state is what no program of ours writes.
    private static func checkRaft(
        _ content: Content, committed: LogIndex
    ) throws(BrokenProperty) {
        guard content.hardState.term >= content.last.term,
            let membership = try? Membership(voters: [NodeID(1), NodeID(2), NodeID(3)])
        else { return }
        let raft = Raft(
            RaftConfiguration(id: NodeID(1), membership: membership),
            restored: RestoredLog(
                hardState: content.hardState, base: content.base, termRuns: content.termRuns,
                last: content.last, tail: content.tail, committed: committed),
            random: PRNG(seed: 1))
        try require(raft.lastPosition == content.last, "Raft has the whole log")
        for entry in content.entries {
            try require(raft.term(at: entry.index) == entry.term, "Raft knows each entry's term")
        }
    }

    /// Recovery is done once: a second start, with or without a power cut, finds the same.
    private static func checkReopening(
        _ log: Log, _ content: Content, _ committed: LogIndex
    ) throws(BrokenProperty) {
        var listing = log.disk
        let names = try? listing.list(directory: CraftedLog.directory)
        if names?.count == 1, let path = names?.first.map({ "\(CraftedLog.directory)/\($0)" }) {
            let behind = log.disk.contents(of: path)?.dropFirst(log.bytes)
            try require(behind?.allSatisfy { $0 == 0 } == true, "nothing is left behind the end")
        }
        let again = try open(log.disk, committed)
        try require(again?.1 == content, "recovering twice gives the same")
        for seed in 0..<2 {
            var disk = log.disk
            var random = PRNG(seed: UInt64(seed))
            disk.crash(random: &random)
            let afterCut = try open(disk, committed)
            try require(afterCut?.1 == content, "what was recovered outlives a power cut")
        }
    }

    /// What is appended behind a recovered end is found, and nothing else.
    private static func checkAppending(
        _ log: Log, _ content: Content, _ committed: LogIndex
    ) throws(BrokenProperty) {
        var log = log
        let term = max(content.last.term, content.hardState.term).next
        let state = HardState(term: term, vote: NodeID(2))
        let entries = (1...3).map { number in
            Entry(
                index: content.last.index.advanced(by: number), term: term, kind: .commands,
                data: [UInt8](repeating: UInt8(number), count: 700))
        }
        log.append(LogWrite(id: WriteID(1), hardState: state, truncateFrom: nil, entries: entries))
        do {
            _ = try log.sync()
            try log.appendIdleMark()
        } catch {
            throw BrokenProperty("a log that was opened can be written: \(error)")
        }
        var disk = log.disk
        var random = PRNG(seed: 3)
        disk.crash(random: &random)
        let found = try require(try open(disk, committed), "what was written can be opened").1
        try require(found.hardState == state, "the new term is there")
        try require(found.entries == content.entries + entries, "and the new entries")
    }
}
