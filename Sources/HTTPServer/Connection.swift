import HTTPProtocol
import Primitives
import SystemIO

/// One client's connection: its parser, the answers on their way, and what it is waiting for.
final class Connection {
    /// An answer's place in the order of requests.
    enum Turn {
        /// → answered
        case waiting(ResponseWriter)
        /// Whole, but an earlier one is not: kept until its turn.
        case answered([UInt8], ConnectionPersistence)
    }

    enum Phase {
        /// Requests are read and answered. → ending, lingering
        case open
        /// No more requests are read; what waits is answered, then the connection lingers.
        case ending
        /// Everything is sent and our side is shut; the client's bytes are dropped until it closes,
        /// or a close would reset the connection and destroy the answer (RFC 9112 §9.6).
        case lingering
    }

    /// What a deadline, once passed, means.
    enum Wait {
        case forRequest
        case forMoreOfRequest
        case forAnswer
        case forClose
    }

    let id: ConnectionID
    let socket: StreamSocket
    var registration: Registration?
    var parser: RequestParser
    var output: OutputBuffer
    var phase = Phase.open
    var deadline: MonotonicTime
    var wait = Wait.forRequest

    /// The head whose body is being read, and what `screen` said of it.
    var pendingHead: RequestHead?
    var pendingRefusal: HTTPResponse?
    var turns: Ring<Turn>
    /// The number of the first of `turns`.
    var firstTurn: UInt64 = 0
    var isDirty = false

    init(
        id: ConnectionID, socket: consuming StreamSocket, limits: HTTPServerLimits,
        deadline: MonotonicTime
    ) {
        self.id = id
        self.socket = socket
        parser = RequestParser(limits: limits.http)
        output = OutputBuffer(byteLimit: limits.outputBytesMax)
        turns = Ring(capacity: limits.pipelinedMax)
        self.deadline = deadline
    }

    /// Whether another request may be read now.
    var takesRequests: Bool {
        switch phase {
        case .open: !turns.isFull && !output.isFull
        case .ending, .lingering: false
        }
    }

    func beginTurn(_ writer: ResponseWriter) -> UInt64 {
        let turn = firstTurn + UInt64(turns.count)
        let taken = turns.append(.waiting(writer))
        precondition(taken, "INV-50: a request was read beyond the pipeline's limit")
        return turn
    }

    /// Puts an answer in its place; what is now first in order goes to the output.
    func answer(_ turn: UInt64, _ response: HTTPResponse, date: HTTPDate) {
        precondition(
            turn >= firstTurn && turn < firstTurn + UInt64(turns.count),
            "INV-51: answer \(turn) of \(firstTurn)+\(turns.count)")
        let place = Int(turn - firstTurn)
        guard case .waiting(let writer) = turns[place] else {
            preconditionFailure("INV-51: request \(turn) is answered twice")
        }
        guard place > 0 else {
            _ = turns.popFirst()
            firstTurn += 1
            // The output's limit bounds reading, not answering: an answer is never dropped.
            output.append { writer.append(response, date: date, to: &$0) }
            settle(writer.persistence)
            releaseAnswered()
            return
        }
        var bytes: [UInt8] = []
        writer.append(response, date: date, to: &bytes)
        turns[place] = .answered(bytes, writer.persistence)
    }

    private func releaseAnswered() {
        while case .answered(let bytes, let persistence)? = turns.first {
            _ = turns.popFirst()
            firstTurn += 1
            output.append(bytes)
            settle(persistence)
        }
    }

    private func settle(_ persistence: ConnectionPersistence) {
        if persistence == .close { phase = .ending }
    }

    /// Everything asked for has been answered and sent.
    var isDrained: Bool { turns.isEmpty && output.isEmpty }
}
