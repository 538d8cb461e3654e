import HTTPProtocol
import Primitives

/// The UTF-8 bytes of a text.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

/// Every event of a request stream that arrives in these pieces, `needsMoreBytes` left out. As a
/// server does, it stops at a refusal.
func events(
    ofRequests pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()
) -> [RequestEvent] {
    var parser = RequestParser(limits: limits)
    var events: [RequestEvent] = []
    for piece in pieces {
        parser.receive(piece)
        reading: while true {
            let event = parser.next()
            switch event {
            case .needsMoreBytes: break reading
            case .head, .continueExpected, .body: events.append(event)
            case .refused: return events + [event]
            }
        }
    }
    return events
}

func events(ofRequests text: String, limits: HTTPLimits = HTTPLimits()) -> [RequestEvent] {
    events(ofRequests: [utf8(text)], limits: limits)
}

/// The error that a request stream ends in; nil when nothing is refused.
func refusal(of text: String, limits: HTTPLimits = HTTPLimits()) -> HTTPParseError? {
    guard case .refused(let error) = events(ofRequests: text, limits: limits).last else {
        return nil
    }
    return error
}

/// The only head of a request text that must be accepted.
func head(of text: String) -> RequestHead? {
    guard case .head(let head) = events(ofRequests: text).first else { return nil }
    return head
}

/// The bodies, as text, of every request in a stream.
func bodies(of text: String, limits: HTTPLimits = HTTPLimits()) -> [String] {
    events(ofRequests: text, limits: limits).compactMap { event in
        guard case .body(let body) = event else { return nil }
        return String(decoding: body, as: UTF8.self)
    }
}

/// Bytes cut into pieces of random length, a third of them single bytes.
func randomPieces(_ bytes: [UInt8], _ random: inout PRNG) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
        let longest = random.next(below: 3) == 0 ? 1 : bytes.count - start
        let length = Int(random.next(below: UInt64(longest))) + 1
        pieces.append(Array(bytes[start..<start + length]))
        start += length
    }
    return pieces
}
