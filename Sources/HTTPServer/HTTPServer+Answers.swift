import HTTPProtocol
import Primitives
import SystemIO

/// Sending, and what follows from it.
extension HTTPServer {
    func send(_ connection: Connection) {
        let before = connection.output.count
        do {
            _ = try connection.output.flush(to: connection.socket)
        } catch {
            return close(connection)
        }
        // A reader that reads is given more time.
        if connection.output.count < before { beginWait(connection) }
        // There may be room again for requests that were already received.
        advance(connection)
    }

    /// The server is draining: the connection ends with what it has asked for already.
    func end(_ connection: Connection) {
        guard connection.phase == .open else { return }
        if !connection.parser.isIdle {
            // A request has begun; `finish` makes it the last.
        } else if connection.isDrained {
            close(connection)
        } else {
            connection.endAfterLastTurn()
            markDirty(connection)
        }
    }

    /// After any change of a connection: moves it on if it has come to its end, listens for what
    /// it can use, and gives it a deadline for what it now waits for.
    func settle(_ connection: Connection) {
        if connection.phase == .ending, connection.isDrained { linger(connection) }
        setInterest(connection)
        if connection.presentWait != connection.wait { beginWait(connection) }
    }

    /// Everything is sent: the client should close now.
    private func linger(_ connection: Connection) {
        do {
            try connection.socket.shutdownSending()
            connection.phase = .lingering
        } catch {
            close(connection)
        }
    }

    private func setInterest(_ connection: Connection) {
        var interest: Interest = []
        switch connection.phase {
        case .open: if connection.takesRequests { interest.insert(.read) }
        case .ending: break
        case .lingering: interest.insert(.read)
        case .closed: return
        }
        if !connection.output.isEmpty { interest.insert(.write) }
        if let registration = connection.registration {
            loop.modify(registration, for: interest)
        }
    }

    /// Starts the deadline of what the connection waits for now.
    func beginWait(_ connection: Connection) {
        connection.wait = connection.presentWait
        let span: Milliseconds? =
            switch connection.wait {
            case .forRequest, .forReader: limits.idleTimeout
            case .forRestOfRequest: limits.requestTimeout
            case .forClose: limits.lingerTimeout
            case .forAnswer: nil
            }
        connection.deadline = span.map { loop.now + $0 }
    }
}
