import Primitives
import Raft
import Simulation

// The network.
extension RaftWorld {
    /// `deliver|drop|repeat [ENDS] [KIND…] [count=N] [newest]`
    mutating func carry(_ command: inout ScriptCommand) throws {
        let count = try command.number(setting: "count") ?? .max
        let order = command.takes("newest") ? Order.newestFirst : .oldestFirst
        let pattern = try MessagePattern(&command, cluster.ids)
        switch command.verb {
        case "deliver": try deliver(pattern, count: count, order)
        case "drop": lose(count: count) { pattern.matches($0) }
        default: double(pattern, count: count)
        }
    }

    enum Order {
        case oldestFirst
        case newestFirst
    }

    /// Until no message is left that may go, those included that follow from others.
    mutating func deliver(
        _ pattern: MessagePattern, count: Int, _ order: Order = .oldestFirst
    ) throws {
        var left = min(count, Self.deliveriesMax)
        while left > 0, let position = nextDelivery(pattern, order) {
            let envelope = cluster.network[position]
            let isUp = cluster[envelope.to].raft != nil
            lines.append(envelope.line(isUp ? .arrived : .lost))
            step(taking: 1) { $0.deliver(at: position) }
            left -= 1
        }
        if count == .max, left == 0 { throw ScriptError("the network is never quiet") }
    }

    private func nextDelivery(_ pattern: MessagePattern, _ order: Order) -> Int? {
        let mayGo: (RaftCluster.Envelope) -> Bool = { envelope in
            pattern.matches(envelope) && !delays.contains { $0.matches(envelope) }
        }
        return switch order {
        case .oldestFirst: cluster.network.firstIndex(where: mayGo)
        case .newestFirst: cluster.network.lastIndex(where: mayGo)
        }
    }

    private mutating func double(_ pattern: MessagePattern, count: Int) {
        let positions = cluster.network.indices.filter { pattern.matches(cluster.network[$0]) }
        for position in positions.prefix(count) {
            lines.append(cluster.network[position].line(.repeated))
            cluster.duplicate(at: position)
        }
    }

    /// `cut|delay [ENDS] [KIND…]`: until `heal` such messages are lost, or wait; those on their way
    /// as well.
    mutating func obstruct(_ command: inout ScriptCommand) throws {
        let pattern = try MessagePattern(&command, cluster.ids)
        if command.verb == "cut" {
            cuts.append(pattern)
            lose { pattern.matches($0) }
        } else {
            delays.append(pattern)
        }
    }

    /// `forge FROM->TO vote|pre-vote|append term=N log=TERM,INDEX [commit=N]`: from anybody, a
    /// stranger, too. `log` is the end of the candidate's log, or what an append without entries
    /// follows.
    mutating func forge(_ command: inout ScriptCommand) throws {
        let ends = try command.word("ends (`9->1`)").split(separator: "->").compactMap {
            UInt16($0)
        }
        guard ends.count == 2 else { throw ScriptError("`forge` wants ends (`9->1`)") }
        let (from, to) = (NodeID(ends[0]), try ScriptCommand.node("\(ends[1])", cluster.ids))
        let message = try forgery(&command)
        lines.append(message.line(from, .arrived, to))
        step { $0.inject(message, from: from, to: to) }
    }

    private func forgery(_ command: inout ScriptCommand) throws -> Message {
        let kind = try command.word("vote, pre-vote or append")
        let term = Term(UInt64(try command.number(setting: "term") ?? 0))
        guard let log = try command.numbers(setting: "log"), log.count == 2 else {
            throw ScriptError("`forge` wants log=TERM,INDEX")
        }
        let position = LogPosition(term: Term(UInt64(log[0])), index: LogIndex(UInt64(log[1])))
        let commit = LogIndex(UInt64(try command.number(setting: "commit") ?? 0))
        switch kind {
        case "vote": return .voteRequest(VoteRequest(kind: .vote, term: term, last: position))
        case "pre-vote":
            return .voteRequest(VoteRequest(kind: .preVote, term: term, last: position))
        case "append":
            return .appendRequest(
                AppendRequest(term: term, previous: position, entries: [], commit: commit))
        default: throw ScriptError("`forge` can't make a `\(kind)`")
        }
    }
}
