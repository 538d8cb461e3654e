import Inventory
import NodeCore
import Primitives
import Raft
import Simulation

// What happens to the machines, and what is seen of them.
extension NodeWorld {
    /// `cut ENDS`
    mutating func cut(_ command: inout ScriptCommand) throws {
        let word = try command.word("ends")
        guard let ends = try Ends(word, cluster.ids) else {
            throw ScriptError("`\(word)` is no ends: write `1->2` or `1,2<->*`")
        }
        for from in cluster.ids {
            for to in cluster.ids where from != to && ends.join(from, to: to) {
                cluster.cut(from: from, to: to)
            }
        }
    }

    /// `clock NODE +3600s`: how far its wall clock is from the true time.
    mutating func setClock(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        let text = try command.word("a time, `+3600s` or `-3600s`")
        guard let sign = text.first, "+-".contains(sign) else {
            throw ScriptError("`\(text)` has no sign")
        }
        let span = try ScriptCommand.span(String(text.dropFirst()))
        cluster[id].skew = sign == "-" ? Milliseconds(-span.rawValue) : span
    }

    /// `disk NODE stall|resume|sync [N]`
    mutating func disk(_ command: inout ScriptCommand) throws {
        let id = try command.node(cluster.ids)
        switch try command.word("stall, resume or sync") {
        case "stall": cluster[id].logSyncing = .manual
        case "resume": cluster.syncByItself(id)
        case "sync": cluster.sync(id, writes: command.numberIfAny() ?? .max)
        case let word: throw ScriptError("`disk` can't `\(word)`")
        }
    }

    /// `provider down|mute|up`: calls are lost on their way there, or the answers on their way
    /// back. `provider reverses PAYMENT`: what it declined has been paid after all.
    mutating func setProvider(_ command: inout ScriptCommand) throws {
        switch try command.word("down, mute, up or reverses") {
        case "down": (cluster.provider.isDown, cluster.timings.answersLostPermille) = (true, 0)
        case "mute": (cluster.provider.isDown, cluster.timings.answersLostPermille) = (false, 1_000)
        case "up": (cluster.provider.isDown, cluster.timings.answersLostPermille) = (false, 0)
        case "reverses":
            cluster.provider.reverse(sale.attemptID(try command.number("a payment's number")))
        case let word: throw ScriptError("`provider` can't be `\(word)`")
        }
    }

    /// `seats [at=NODE]`: as the node has applied them.
    mutating func showSeats(_ command: inout ScriptCommand) throws {
        let target = try command.setting("at").map { try ScriptCommand.node($0, cluster.ids) }
        guard let node = target ?? cluster.leader,
            let map = cluster[node].core?.inventory.seatMap(sale.event)
        else { throw ScriptError("nobody to ask") }
        let rows = map.states.enumerated().reduce(into: [String: String]()) { rows, seat in
            rows[String(NodeSale.seat(seat.offset).prefix(1)), default: ""] += seat.element.letter
        }
        for row in rows.keys.sorted() {
            guard let letters = rows[row], letters.contains(where: { $0 != "." }) else { continue }
            watch.lines.append(Trace.line("\(node)", "seats", "\(row) \(letters)"))
        }
        if map.states.allSatisfy({ $0 == .available }) {
            watch.lines.append(Trace.line("\(node)", "seats", "all free"))
        }
    }
}

extension NodeCluster {
    var statusTable: [String] {
        let head = ["node", "role", "term", "leader", "commit", "applied", "on disk"]
        return Trace.table(
            [head]
                + machines.map { machine in
                    guard let core = machine.core else { return ["\(machine.id)", "down"] }
                    return [
                        "\(machine.id)", core.raft.role.word, core.raft.term.word,
                        core.raft.leader.map { "\($0)" } ?? "-", core.raft.commitIndex.word,
                        core.appliedIndex.word, core.raft.durableIndex.word,
                    ]
                })
    }
}

extension AttemptID {
    /// What the provider has taken for it, and given back.
    func chargeLine(_ cluster: NodeCluster) -> String {
        let payment = cluster.provider.payments[self]
        let (amount, refunded) = (payment?.amount ?? 0, payment?.refunded ?? 0)
        return Trace.line(
            "money", "payment \(number)", "\(amount) taken, \(refunded) given back")
    }
}

extension SeatState {
    fileprivate var letter: String {
        switch self {
        case .available: "."
        case .held: "H"
        case .paymentPending: "P"
        case .booked: "B"
        case .blocked: "X"
        }
    }
}
