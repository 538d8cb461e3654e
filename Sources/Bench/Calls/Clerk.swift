import HTTPProtocol
import Primitives
import SystemIO

/// Makes calls one after the other, each waited for while the loop turns: for what comes before
/// and after the load.
final class Clerk {
    private let loop: EventLoop
    private let caller: Caller
    private var answer: (status: UInt16, body: [UInt8])?

    init(loop: EventLoop, nodes: ClusterNodes, patience: Milliseconds = .seconds(20)) {
        self.loop = loop
        caller = Caller(loop: loop, nodes: nodes, patience: patience)
        caller.handler = { [unowned self] status, body in
            answer = (status, [UInt8](copying: body))
        }
    }

    /// Calls and waits for the definite answer.
    /// - Parameter what: names the call in errors.
    func perform(
        _ what: String, _ addressee: Addressee = .leader, within limit: Milliseconds = .seconds(60),
        _ write: (inout [UInt8]) -> Void
    ) throws(BenchError) -> (status: UInt16, body: [UInt8]) {
        answer = nil
        let deadline = SystemClock.monotonicNow() + limit
        caller.call(addressee, write)
        while true {
            loop.turn(waitingAtMost: Milliseconds(100))
            if let answer { return answer }
            if loop.now >= deadline {
                caller.abandon()
                throw .unanswered(call: what, seconds: limit.rawValue / 1_000)
            }
        }
    }

    /// Creates a venue or an event and returns its id, the field `idField` of the answer.
    func create(
        _ path: String, _ idField: String, key: AdminKey, idempotencyKey: String, body: [UInt8]
    ) throws(BenchError) -> String {
        let what = "POST \(path)"
        let answer = try perform(what) {
            $0.appendRequest(
                "POST", path, key: key, idempotencyKey: idempotencyKey, body: body)
        }
        guard answer.status == 201, let value = try? JSONValue(parsing: answer.body),
            let id = value[idField]?.text
        else {
            throw .unexpected(
                call: what, status: answer.status,
                body: String(decoding: answer.body.prefix(400), as: UTF8.self))
        }
        return id
    }
}

extension [UInt8] {
    /// The bytes of a span, which may not be kept itself.
    init(copying span: Span<UInt8>) {
        self = span.withUnsafeBufferPointer { Array($0) }
    }
}
