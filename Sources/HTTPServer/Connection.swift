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
        case answered(Answer, ConnectionPersistence)
    }

    /// A response in wire form. A large body is not copied behind its head: many clients may be
    /// sent the same one.
    struct Answer {
        var head: [UInt8]
        var body: [UInt8]
    }

    enum Phase {
        /// Requests are read and answered. → ending, lingering, closed
        case open
        /// No more requests are read; what waits is answered. → lingering, closed
        case ending
        /// Everything is sent and our side is shut; the client's bytes are dropped until it closes,
        /// or a close would reset the connection and destroy the answer (RFC 9112 §9.6). → closed
        case lingering
        /// No longer the loop's or the server's.
        case closed
    }

    /// What the connection is waiting for; its deadline belongs to that.
    enum Wait {
        /// The first byte of a request, for `idleTimeout`.
        case forRequest
        /// The last byte of a request, for `requestTimeout`; bytes that trickle in don't help.
        case forRestOfRequest
        /// The service, whose own patience bounds that.
        case forAnswer
        /// The client to read some of its answers, for `idleTimeout`.
        case forReader
        /// The client to close, for `lingerTimeout`.
        case forClose
    }

    /// Bodies above this size are sent from where they are.
    private static let copiedBodyBytesMax = 16 * 1_024

    let id: ConnectionID
    let socket: StreamSocket
    var registration: Registration?
    var parser: RequestParser
    var output: OutputBuffer
    var phase = Phase.open
    var wait = Wait.forRequest
    /// Nil while it waits for an answer.
    var deadline: MonotonicTime?

    /// The head whose body is being read, and what `screen` said of it.
    var pendingHead: RequestHead?
    var pendingRefusal: HTTPResponse?
    var turns: Ring<Turn>
    /// The number of the first of `turns`.
    private var firstTurn: UInt64 = 0
    var isDirty = false

    init(id: ConnectionID, socket: consuming StreamSocket, limits: HTTPServerLimits) {
        self.id = id
        self.socket = socket
        parser = RequestParser(limits: limits.http)
        output = OutputBuffer(byteLimit: limits.outputBytesMax)
        turns = Ring(capacity: limits.pipelinedMax)
    }

    /// Whether another request may be read now.
    var takesRequests: Bool {
        switch phase {
        case .open: !turns.isFull && !output.isFull
        case .ending, .lingering, .closed: false
        }
    }

    /// Everything asked for has been answered and sent.
    var isDrained: Bool { turns.isEmpty && output.isEmpty }

    /// What it is waiting for, by what it holds.
    var presentWait: Wait {
        switch phase {
        case .open, .ending:
            if !output.isEmpty { return .forReader }
            if !turns.isEmpty { return .forAnswer }
            return parser.isIdle ? .forRequest : .forRestOfRequest
        case .lingering, .closed:
            return .forClose
        }
    }

    /// Reserves the place for a request's answer.
    func beginTurn(_ writer: ResponseWriter) -> UInt64 {
        take(.waiting(writer))
        return firstTurn + UInt64(turns.count) - 1
    }

    /// Lets the client send the body that it asked about, once earlier answers are out.
    func sendContinue() {
        guard !turns.isEmpty else {
            return output.append { ResponseWriter.appendContinue(to: &$0) }
        }
        var interim: [UInt8] = []
        ResponseWriter.appendContinue(to: &interim)
        take(.answered(Answer(head: interim, body: []), .keepAlive))
    }

    private func take(_ turn: Turn) {
        let taken = turns.append(turn)
        invariant(taken, "INV-50: a request was read beyond the pipeline's limit")
    }

    /// Makes the last answer that is owed say that the connection ends with it.
    func endAfterLastTurn() {
        phase = .ending
        guard case .waiting(var writer)? = turns.last else { return }
        writer.persistence = .close
        turns[turns.count - 1] = .waiting(writer)
    }

    /// Puts an answer in its place; what is now first in order goes to the output.
    func answer(_ turn: UInt64, _ response: HTTPResponse, date: HTTPDate) {
        invariant(
            turn >= firstTurn && turn < firstTurn + UInt64(turns.count),
            "INV-51: answer \(turn) of \(firstTurn)+\(turns.count)")
        let place = Int(turn - firstTurn)
        guard case .waiting(let writer) = turns[place] else {
            invariantFailure("INV-51: request \(turn) is answered twice")
        }
        let body = writer.body(of: response)
        let isShared = body.count > Self.copiedBodyBytesMax
        guard place > 0 else {
            // The output's limit bounds reading, not answering: an answer is never dropped.
            if isShared {
                output.append { writer.appendHead(of: response, date: date, to: &$0) }
                output.append(body)
            } else {
                output.append { writer.append(response, date: date, to: &$0) }
            }
            leave(writer.persistence)
            return releaseAnswered()
        }
        var answer = Answer(head: [], body: [])
        if isShared {
            writer.appendHead(of: response, date: date, to: &answer.head)
            answer.body = body
        } else {
            writer.append(response, date: date, to: &answer.head)
        }
        turns[place] = .answered(answer, writer.persistence)
    }

    private func releaseAnswered() {
        while case .answered(let answer, let persistence)? = turns.first {
            output.append(answer.head)
            output.append(answer.body)
            leave(persistence)
        }
    }

    /// The first turn is over.
    private func leave(_ persistence: ConnectionPersistence) {
        _ = turns.popFirst()
        firstTurn += 1
        if persistence == .close { phase = .ending }
    }
}
