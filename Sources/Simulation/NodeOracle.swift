package import Inventory
import NodeCore
import Primitives
package import Raft
import Wire

/// Judges a history against the log: replays every committed entry, and asks of each answer
/// whether some state between the call's beginning and its end would have given it.
package struct NodeOracle {
    private struct Open {
        var call: NodeHistory.Call
        var question: Question
        var isExplained = false
    }

    /// What a call asks, of any state.
    private enum Question {
        case command(Command, told: String)
        case hold(HoldID, told: String)
    }

    /// Answers that no state explains.
    package private(set) var violations: [String] = []
    /// The log so far, applied.
    package private(set) var inventory: Inventory
    /// Answers that were compared with the log's states.
    package private(set) var judged = 0
    private var open: [Open] = []
    private var waiting: ArraySlice<Open> = []
    /// Commands of calls that were told that nothing was appended.
    private var neverAppended: Set<UInt128> = []

    package init(_ history: NodeHistory, log: [Entry], shardCount: Int) {
        inventory = Inventory(shardCount: shardCount, replayWindow: NodeCluster.replayWindow)
        var questions: [Open] = []
        for call in history.calls {
            guard let answer = call.answer else { continue }
            if answer.promisesNothingWasDone, let bits = call.operation.ownBits {
                neverAppended.insert(bits)
            }
            guard let question = Self.question(call.operation, answer) else { continue }
            questions.append(Open(call: call, question: question))
        }
        judged = questions.count
        waiting = questions.sorted { $0.call.from < $1.call.from }[...]
        replay(log)
        open += waiting
        for open in open where !open.isExplained { violate(open) }
    }

    private mutating func violate(_ open: Open) {
        let call = open.call
        violations.append(
            "\(call.operation) was told \(call.answer.map { "\($0)" } ?? "nothing"), "
                + "which no state "
                + "from \(call.from.rawValue) to \(call.through?.rawValue ?? 0) says")
    }

    private static func question(_ operation: Operation, _ answer: Answer) -> Question? {
        switch operation {
        case .write(let write):
            guard let told = answer.toldOfWrite, let command = write.command else { return nil }
            return .command(command, told: told)
        case .read(.hold(let hold), .linearizable):
            guard let told = answer.toldOfHold else { return nil }
            return .hold(hold, told: told)
        case .read, .administer:
            return nil
        }
    }

    // MARK: the log

    private mutating func replay(_ log: [Entry]) {
        admit(upTo: .zero)
        explain(at: .zero)
        for entry in log {
            apply(entry)
            admit(upTo: entry.index)
            explain(at: .zero)
            close(before: entry.index.next)
        }
    }

    /// Calls that began when everything up to `index` was committed may see its state.
    private mutating func admit(upTo index: LogIndex) {
        while let next = waiting.first, next.call.from <= index {
            open.append(waiting.removeFirst())
        }
    }

    /// Calls that ended before `index` was committed can't have seen it.
    private mutating func close(before index: LogIndex) {
        for slot in open.indices where !open[slot].isExplained {
            guard let through = open[slot].call.through, through < index else { continue }
            violate(open[slot])
            open[slot].isExplained = true
        }
        open.removeAll(where: \.isExplained)
    }

    private mutating func apply(_ entry: Entry) {
        guard entry.kind == .commands, let batch = try? CommandBatch(decoding: entry.data) else {
            inventory.passEntry(entry.index)
            return
        }
        inventory.beginEntry(entry.index, stamp: batch.stamp)
        for command in batch.commands {
            if let bits = command.ownBits, neverAppended.contains(bits) {
                violations.append("\(command) is in the log; its client was told it never was")
            }
            let outcome = inventory.apply(command)
            for slot in open.indices where !open[slot].isExplained {
                if case .command(command, outcome.told) = open[slot].question {
                    open[slot].isExplained = true
                }
            }
            explain(at: batch.stamp)
        }
        inventory.endEntry()
    }

    /// Asks the present state the open questions.
    private mutating func explain(at now: WallTime) {
        for slot in open.indices where !open[slot].isExplained {
            switch open[slot].question {
            case .command(let command, let told):
                open[slot].isExplained = inventory.judge(command, at: now)?.told == told
            case .hold(let hold, let told):
                let view = inventory.hold(hold, at: now)
                open[slot].isExplained = (view?.told ?? Refusal.notFound(.hold).told) == told
            }
        }
    }
}
