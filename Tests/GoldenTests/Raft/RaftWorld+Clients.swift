import Primitives
import Raft
import Simulation

// Time, clients and operators.
extension RaftWorld {
    /// `tick NODES [N]`
    mutating func tick(_ command: inout ScriptCommand) throws {
        let ids = try command.nodes(cluster.ids)
        for _ in 0..<(command.numberIfAny() ?? 1) {
            for id in ids { step { $0.tick(id) } }
        }
    }

    /// `run N`: ticks everywhere, and everything that follows. Heartbeats aren't shown.
    mutating func run(_ command: inout ScriptCommand) throws {
        let count = try command.number("a number of ticks")
        var all = try ScriptCommand("all")
        let everything = try MessagePattern(&all, cluster.ids)
        for _ in 0..<count {
            for id in cluster.ids { step { $0.tick(id) } }
            try deliver(everything, count: .max)
        }
        lines.removeAll { $0.contains(" heartbeat ") }
    }

    /// `elect NODE`: it campaigns, everything is delivered, and only the end is shown.
    mutating func elect(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        step { $0.campaign(id) }
        var all = try ScriptCommand("all")
        try deliver(MessagePattern(&all, cluster.ids), count: .max)
        guard cluster.raft(id).role == .leader else { throw ScriptError("\(id) does not win") }
        lines = [Trace.line("\(id)", "leader", cluster.raft(id).term.word)]
    }

    mutating func change(_ command: inout ScriptCommand) throws {
        let (verb, id) = (command.verb, try command.node(cluster.ids))
        step { cluster in
            if verb == "campaign" {
                cluster.campaign(id)
            } else {
                cluster.step(id) { $0.stepDown(effects: &$1) }
            }
        }
    }

    /// `eligible NODE full|votes-only|none`
    mutating func setEligibility(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        let word = try command.word("an eligibility")
        guard let eligibility = Eligibility(word: word) else {
            throw ScriptError("no eligibility `\(word)`")
        }
        step { $0.step(id) { raft, _ in raft.eligibility = eligibility } }
    }

    /// `propose NODE DATA…|bytes=N`
    mutating func propose(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        var batches = command.restOfWords().map { Array($0.utf8) }
        if let bytes = try command.number(setting: "bytes") {
            batches.append([UInt8](repeating: UInt8(ascii: "z"), count: bytes))
        }
        for data in batches {
            var outcome = ""
            step { cluster in
                do throws(ProposeRefusal) {
                    let position = try cluster.propose(id, data)
                    outcome = Trace.line("\(id)", "proposes", position.word)
                } catch {
                    outcome = Trace.line("\(id)", "can't propose", error.words)
                }
            }
            lines.append(outcome)
        }
    }

    mutating func read(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        lastRead += 1
        let read = ReadID(lastRead)
        lines.append(Trace.line("\(id)", "read \(lastRead)", "asked"))
        step { $0.requestRead(id, read) }
    }

    /// `transfer FROM TO`
    mutating func transfer(_ command: inout ScriptCommand) throws {
        let (id, target) = (try command.node(cluster.ids), try command.node(cluster.ids))
        var outcome = Trace.line("\(id)", "hands over", "to \(target)")
        step { cluster in
            cluster.step(id) { raft, effects in
                do throws(TransferRefusal) {
                    try raft.transferLeadership(to: target, effects: &effects)
                } catch { outcome = Trace.line("\(id)", "can't hand over", error.words) }
            }
        }
        lines.append(outcome)
    }
}

extension Eligibility {
    init?(word: String) {
        switch word {
        case "full": self = .full
        case "votes-only": self = .votesOnly
        case "none": self = .none
        default: return nil
        }
    }
}

extension ProposeRefusal {
    fileprivate var words: String {
        switch self {
        case .notLeader(let leader?): "\(leader) leads"
        case .notLeader(nil): "no leader"
        case .transferring(let target): "\(target) takes over"
        case .uncommittedBytesFull: "too many uncommitted bytes"
        }
    }
}

extension TransferRefusal {
    fileprivate var words: String {
        switch self {
        case .notLeader(let leader?): "\(leader) leads"
        case .notLeader(nil): "no leader"
        case .unfitTarget: "not another voter"
        case .transferring(let target): "\(target) takes over"
        }
    }
}
