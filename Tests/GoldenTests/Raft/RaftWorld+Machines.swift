import Primitives
import Raft
import Simulation

// Disks and processes.
extension RaftWorld {
    /// `disk NODE stall|resume|sync [N]`: a stalled one finishes a write only when told to.
    mutating func disk(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        switch try command.word("stall, resume or sync") {
        case "stall": cluster.stallDisk(id)
        case "resume":
            cluster.resumeDisk(id)
            step { _ in }
        case "sync":
            let writes = cluster[id].disk.pending.prefix(command.numberIfAny() ?? .max)
            let names = writes.map { "w\($0.id.rawValue)" }.joined(separator: " ")
            lines.append(Trace.line("\(id)", "has on disk", names))
            step { $0.sync(id, writes: writes.count) }
        case let word: throw ScriptError("`disk` can't `\(word)`")
        }
    }

    /// `crash NODE [surviving=N] [keeping=N]`: of the writes that are not finished the oldest N are
    /// on disk; of the log that was on disk the oldest N entries are left.
    mutating func crash(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        let surviving = try command.number(setting: "surviving") ?? 0
        var lost = cluster[id].disk.pending.dropFirst(surviving).map { "w\($0.id.rawValue)" }
        step { $0.crash(id, survivingWrites: surviving) }
        if let count = try command.number(setting: "keeping") {
            lost.append(Array(cluster[id].disk.entries.dropFirst(count)).word)
            cluster.damage(id, keepingEntries: count)
        }
        let loss = lost.isEmpty ? "" : "and loses \(lost.joined(separator: " "))"
        lines.append(Trace.line("\(id)", "crashes", loss))
    }

    /// `restart NODE [committed=N] [eligible=full|votes-only|none]`: its shards' files say what is
    /// known committed.
    mutating func restart(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        let committed = LogIndex(UInt64(try command.number(setting: "committed") ?? 0))
        let word = command.setting("eligible") ?? "full"
        guard let eligibility = Eligibility(word: word) else {
            throw ScriptError("no eligibility `\(word)`")
        }
        guard cluster[id].raft == nil else { throw ScriptError("node \(id) is up") }
        let disk = cluster[id].disk
        let vote = disk.hardState.vote.map { "vote \($0)" } ?? "no vote"
        let last = disk.entries.last?.position ?? .zero
        lines.append(
            Trace.line(
                "\(id)", "starts",
                "\(disk.hardState.term.word)  \(vote), log ends at \(last.word)"))
        start(id, committed: committed, eligibility)
    }

    private mutating func start(
        _ id: NodeID, committed: LogIndex = .zero, _ eligibility: Eligibility = .full
    ) {
        cluster.restart(id, committed: committed, eligibility: eligibility)
        if let slot = cluster.ids.firstIndex(of: id) { sights[slot] = RaftSight(cluster[id]) }
        step { _ in }
    }

    /// `given NODES terms=1,1,2 [term=N]`: what an earlier history left on the nodes' disks. The
    /// entries came from leaders that nobody remembers.
    mutating func given(_ command: inout ScriptCommand) throws {
        let ids = try command.nodes(cluster.ids)
        let terms = try command.numbers(setting: "terms") ?? []
        let term = try command.number(setting: "term") ?? terms.last ?? 0
        for id in ids {
            guard let other = cluster.ids.first(where: { $0 != id }) else { continue }
            for request in Self.history(terms, term) {
                cluster.inject(.appendRequest(request), from: other, to: id)
                cluster.sync(id)
            }
            cluster.crash(id)
            start(id)
        }
        cluster.drop { _ in true }
    }

    /// The appends that make a log of entries of these terms.
    private static func history(_ terms: [Int], _ lastTerm: Int) -> [AppendRequest] {
        var previous = LogPosition.zero
        var requests = terms.enumerated().map { offset, term in
            let entry = Entry(
                index: LogIndex(UInt64(offset) + 1), term: Term(UInt64(term)), kind: .commands,
                data: [])
            defer { previous = entry.position }
            return AppendRequest(
                term: entry.term, previous: previous, entries: [entry], commit: .zero)
        }
        requests.append(
            AppendRequest(
                term: Term(UInt64(lastTerm)), previous: previous, entries: [], commit: .zero))
        return requests
    }
}
