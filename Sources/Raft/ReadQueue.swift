import Primitives

/// Linearizable reads that wait for the leader to learn that it still is one (thesis §6.4).
///
/// A round captures the commit index, and then a quorum answers heartbeats that were sent after
/// the capture. A read that arrives while a round is under way waits for the next: an answer to an
/// older heartbeat proves nothing about the time after the read began.
struct ReadQueue: Sendable {
    enum Reader: Sendable {
        case local(ReadID)
        case peer(NodeID, ReadID)
    }

    struct Round: Sendable {
        let number: ReadRound
        let index: LogIndex
        let readers: [Reader]
    }

    /// The newest round; every heartbeat carries its number.
    private(set) var newest = ReadRound.zero
    private(set) var underWay: Round?
    private var waiting: [Reader] = []
    private let waitingMax: Int

    init(waitingMax: Int) {
        self.waitingMax = waitingMax
    }

    /// False, and nothing changed, when too many are waiting.
    mutating func add(_ reader: Reader) -> Bool {
        guard waiting.count < waitingMax else { return false }
        if Mutant.readJoinsRound.isPlanted, let round = underWay {
            underWay = Round(
                number: round.number, index: round.index, readers: round.readers + [reader])
            return true
        }
        waiting.append(reader)
        return true
    }

    /// Starts a round for all that wait, unless there are none or one is under way.
    mutating func begin(at commit: LogIndex) -> Bool {
        guard underWay == nil, !waiting.isEmpty else { return false }
        newest = newest.next
        underWay = Round(number: newest, index: commit, readers: waiting)
        waiting = []
        return true
    }

    /// Takes the round under way, which a quorum has confirmed.
    mutating func finish() -> Round? { underWay.take() }

    /// Everyone who waits, in order: leadership is lost.
    func readers() -> [Reader] { (underWay?.readers ?? []) + waiting }
}
