import Glibc
import HTTPProtocol
import Primitives
import SystemIO
import Testing

/// One connection to a stage, on which bytes go out as they are given.
final class WireClient {
    struct Response {
        var status: Int
        var requestID: String?
        var location: String?
        var closes: Bool
        var body: JSONValue?
    }

    private let socket: StreamSocket
    private let stage: FrontStage
    private var parser = ResponseParser()
    private var head: ResponseHead?
    private var body: [UInt8] = []
    private(set) var responses: [Response] = []
    private(set) var hasEnded = false

    init(_ stage: FrontStage) throws {
        self.stage = stage
        socket = try .connect(to: stage.address)
        var request = pollfd(fd: socket.descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
        #expect(poll(&request, 1, 10_000) == 1)
        try socket.connectionResult()
    }

    /// Sends requests; each is a line, such as `GET /healthz`, and the body after a line feed.
    /// Their ids are `id` and what is in the array's place.
    func send(_ requests: [String], id: String = "r") throws {
        var output = OutputBuffer(byteLimit: 1)
        for (place, request) in requests.enumerated() {
            let parts = request.split(separator: "\n", maxSplits: 1)
            let body = parts.count > 1 ? String(parts[1]) : ""
            output.append(
                Array(
                    ("\(parts[0]) HTTP/1.1\r\nHost: a\r\nX-Request-Id: \(id)\(place)\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8))
        }
        #expect(try output.flush(to: socket) == .everything)
    }

    /// Takes what has arrived.
    func receive() {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while !hasEnded {
            switch try? socket.receive(into: &buffer) {
            case .bytes(let count)?: parse(buffer[..<count])
            case .wouldBlock?: return
            case .closed?, nil: hasEnded = true
            }
        }
    }

    /// Turns the node until so many responses have come in all.
    @discardableResult
    func await(
        _ count: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) -> [Response] {
        stage.turn(sourceLocation: sourceLocation) {
            receive()
            return responses.count >= count || hasEnded
        }
        #expect(responses.count >= count, sourceLocation: sourceLocation)
        return responses
    }

    private func parse(_ bytes: ArraySlice<UInt8>) {
        parser.receive(Array(bytes))
        while true {
            switch parser.next(answering: .get) {
            case .needsMoreBytes, .refused: return
            case .head(let next): (head, body) = (next, [])
            case .bodyPart(let part): body += part
            case .end:
                guard let head else { return }
                responses.append(
                    Response(
                        status: Int(head.statusCode), requestID: head.fields.text("request-id"),
                        location: head.fields.text("location"), closes: head.persistence == .close,
                        body: try? JSONValue(parsing: body)))
            }
        }
    }
}
