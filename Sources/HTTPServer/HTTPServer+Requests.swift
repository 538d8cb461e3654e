import HTTPProtocol
import Primitives
import SystemIO

/// Reading: from bytes to the service's requests.
extension HTTPServer {
    func handle(_ readiness: Readiness, _ connection: Connection) {
        // Our side is open, so a hang-up is a reset: nobody is there to be answered.
        if readiness.intersects(.failed), connection.phase != .lingering {
            return close(connection)
        }
        if readiness.intersects(.write) { markDirty(connection) }
        if readiness.intersects(.read) || readiness.intersects(.failed) { receive(connection) }
    }

    func receive(_ connection: Connection) {
        let received: Received
        do {
            received = try connection.socket.receive(into: &receiveBuffer)
        } catch {
            return close(connection)
        }
        switch (received, connection.phase) {
        case (.wouldBlock, _), (.bytes, .ending), (.bytes, .lingering), (_, .closed):
            break
        case (.bytes(let count), .open):
            connection.parser.receive(receiveBuffer.span.extracting(0..<count))
            advance(connection)
        case (.closed, .open):
            // What the client asked for before it ended its stream is still answered.
            if connection.isDrained { return close(connection) }
            connection.phase = .ending
            settle(connection)
        case (.closed, .ending), (.closed, .lingering):
            close(connection)
        }
    }

    /// Reads as many requests as may be answered now.
    func advance(_ connection: Connection) {
        var isStarved = false
        while !isStarved, connection.takesRequests {
            switch connection.parser.next() {
            case .needsMoreBytes:
                isStarved = true
            case .head(let head):
                screen(head, connection)
            case .continueExpected:
                expectContinue(connection)
            case .body(let body):
                finish(body, connection)
            case .refused(let error):
                refuse(error, connection)
            }
        }
        settle(connection)
    }

    private func screen(_ head: RequestHead, _ connection: Connection) {
        connection.pendingHead = head
        switch service.screen(head, on: connection.id) {
        case .accept(let bodyBytesMax):
            connection.parser.bodyBytesMax = bodyBytesMax
        case .refuse(let response):
            connection.pendingRefusal = response
        }
    }

    /// A refused request's body is not asked for: the answer goes out and the connection ends.
    private func expectContinue(_ connection: Connection) {
        if let refusal = connection.pendingRefusal {
            answerFinally(refusal, connection)
        } else {
            connection.sendContinue()
            markDirty(connection)
        }
    }

    private func finish(_ body: [UInt8], _ connection: Connection) {
        guard let head = connection.pendingHead.take() else {
            invariantFailure("INV-52: a body without a head")
        }
        let persistence: ConnectionPersistence =
            switch course {
            case .serving: head.persistence
            case .draining: .close
            }
        if persistence == .close { connection.phase = .ending }
        let turn = connection.beginTurn(
            ResponseWriter(
                method: head.method, version: head.version, persistence: persistence))
        let place = ResponsePlace(connection: connection.id, turn: turn)
        if let refusal = connection.pendingRefusal.take() {
            respond(at: place, with: refusal)
        } else {
            service.respond(to: IncomingRequest(head: head, body: body), at: place)
        }
    }

    private func refuse(_ error: HTTPParseError, _ connection: Connection) {
        // A refusal by the head stands, however long the body that nobody would have read.
        if error == .bodyTooLarge, let refusal = connection.pendingRefusal {
            answerFinally(refusal, connection)
        } else {
            let answer = service.refusal(.malformed(error), of: connection.pendingHead)
            answerFinally(answer, connection)
        }
    }

    /// The last answer of a connection, after those still on their way.
    private func answerFinally(_ response: HTTPResponse, _ connection: Connection) {
        let head = connection.pendingHead.take()
        connection.pendingRefusal = nil
        let writer = head.map {
            ResponseWriter(method: $0.method, version: $0.version, persistence: .close)
        }
        let turn = connection.beginTurn(writer ?? .refusal)
        connection.phase = .ending
        connection.answer(turn, response, date: date)
        markDirty(connection)
    }

    /// The deadline has passed.
    func expire(_ connection: Connection) {
        switch connection.wait {
        case .forRestOfRequest:
            let answer = service.refusal(.tooSlow, of: connection.pendingHead)
            answerFinally(answer, connection)
            settle(connection)
        case .forRequest, .forReader, .forClose:
            close(connection)
        case .forAnswer:
            invariantFailure("INV-55: a deadline for the service's answer")
        }
    }
}
