import Primitives
import Raft
import Simulation
import Wire
import WriteAheadLog

/// Random but legal use of a log, beside the model of what it must say.
struct LogWorkload {
    var random: PRNG
    var log: LogFixture.Log
    /// What is certainly on disk.
    var durable: LogModel
    /// Appended since, and perhaps on disk.
    var unreported: [LogWrite] = []
    var committed = LogIndex.zero
    /// The log may have been cut up to here.
    var cutBelow = LogIndex.zero
    private var nextWrite = WriteID(1)

    init(seed: UInt64, log: LogFixture.Log, durable: LogModel = LogModel()) {
        random = PRNG(seed: seed)
        self.log = log
        self.durable = durable
    }

    /// What the log says when everything appended is done.
    var newest: LogModel {
        unreported.reduce(into: durable) { $0.apply($1) }
    }

    /// Every state that a crash may leave.
    var possible: [LogModel] {
        var states = [durable]
        for step in unreported.flatMap({ LogModel.steps(of: $0) }) {
            var state = states[states.count - 1]
            state.apply(step)
            states.append(state)
        }
        return states
    }

    mutating func step() throws(WALError) {
        switch random.next(in: 0...9) {
        case 0...3:
            let write = nextLegalWrite()
            unreported.append(write)
            log.append(write)
        case 4...6:
            let report = try log.sync()
            precondition(report.upTo == nextWrite.previous || unreported.isEmpty)
            durable = newest
            unreported = []
            if durable.last.index > committed {
                let span = durable.last.index.distance(from: committed)
                committed = committed.advanced(by: random.next(in: 0...span))
            }
        case 7: try log.appendIdleMark()
        case 8: _ = try log.prepareSpare()
        default:
            guard committed > .zero, random.next(in: 0...3) == 0 else { return }
            cutBelow = max(cutBelow, LogIndex(UInt64(random.next(in: 1...Int(committed.rawValue)))))
            try log.cut(below: cutBelow)
        }
    }

    private mutating func nextLegalWrite() -> LogWrite {
        var model = newest
        var write = LogWrite(id: nextWrite, hardState: nil, truncateFrom: nil, entries: [])
        nextWrite = nextWrite.next
        if random.next(in: 0...3) == 0 {
            let vote = random.next(in: 0...1) == 0 ? nil : NodeID(2)
            write.hardState = HardState(term: model.hardState.term.next, vote: vote)
        }
        if random.next(in: 0...4) == 0, model.last.index > committed {
            let span = model.last.index.distance(from: committed)
            write.truncateFrom = committed.advanced(by: random.next(in: 1...span))
        }
        model.apply(write)
        for _ in 0..<random.next(in: 0...4) {
            let entry = LogFixture.entry(
                model.last.index.next.rawValue, term: max(model.hardState.term.rawValue, 1),
                bytes: random.next(in: 0...260))
            write.entries.append(entry)
            model.entries.append(entry)
        }
        return write
    }
}

extension WriteID {
    fileprivate var previous: WriteID { WriteID(rawValue - 1) }
}
