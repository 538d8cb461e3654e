package import HTTPProtocol
import Inventory
package import NodeCore
package import Primitives

/// What is to be done with a request whose body has arrived.
package enum Decision: Sendable {
    /// Hand it to the core, and its answer to a `Responder`.
    case submit(Operation)
    /// Answer so at once.
    case respond(HTTPResponse)
    /// Answer with the metrics, which the shell collects: `Exchange.metrics(_:)`.
    case metrics
}

extension Gateway {
    /// Makes an operation of an admitted request. Everything that is not right with it by itself
    /// is answered here; what depends on the state is for the core.
    /// - Parameters:
    ///   - now: this machine's clock, for signatures.
    ///   - random: 128 bits that nobody can guess, anew at each call.
    package func decode(
        _ exchange: inout Exchange, body: [UInt8], at now: WallTime, random: () -> UInt128
    ) -> Decision {
        do {
            return try decision(body, now, random, &exchange)
        } catch {
            return .respond(exchange.refusal(error))
        }
    }

    private func decision(
        _ body: [UInt8], _ now: WallTime, _ random: () -> UInt128, _ exchange: inout Exchange
    ) throws(Problem) -> Decision {
        switch exchange.endpoint {
        case .createVenue: write(.createVenue(try newVenue(exchange, body)))
        case .readVenue: try read(.venue(try exchange.id(.venue)), &exchange)
        case .createEvent: write(.createEvent(try newEvent(exchange, body)))
        case .listEvents:
            try read(.events(try QueryParameters.of(exchange.head).eventQuery()), &exchange)
        case .readEvent: try read(.event(try exchange.id(.event)), &exchange)
        case .setBlocked: write(try blocking(exchange, body))
        case .readSeatMap: try readSeatMap(&exchange)
        case .readLayout: try read(.layout(hash: try exchange.layoutHash()), &exchange)
        case .hold: write(.hold(try newHold(exchange, body, random)))
        case .readHold:
            try read(.hold(try exchange.id(.hold)), normally: .linearizable, &exchange)
        case .amendHold: write(.amendHold(try amendment(exchange, body)))
        case .releaseHold: write(.releaseHold(try exchange.id(.hold)))
        case .commit: write(.commit(try newPayment(exchange, body, random)))
        case .readOrder:
            try read(.order(try exchange.id(.order)), normally: .linearizable, &exchange)
        case .cancelOrder: write(try cancellation(exchange, random))
        case .listUserOrders:
            try read(.orders(user: try exchange.userID()), normally: .linearizable, &exchange)
        case .webhook: write(.webhook(try notice(exchange, body, now, random)))
        case .health: .respond(exchange.alive)
        case .readiness, .leadership, .clusterStatus: .submit(.administer(.status))
        case .metrics: .metrics
        case .transferLeadership:
            .submit(.administer(.transferLeadership(to: try successor(body))))
        case .flush: .submit(.administer(.flush))
        }
    }

    private func write(_ operation: WriteOperation) -> Decision { .submit(.write(operation)) }

    private func read(
        _ operation: ReadOperation, normally: Consistency = .local, _ exchange: inout Exchange
    ) throws(Problem) -> Decision {
        let query = try QueryParameters.of(exchange.head)
        exchange.consistency = try query.consistency(default: normally)
        return .submit(.read(operation, exchange.consistency))
    }

    private func readSeatMap(_ exchange: inout Exchange) throws(Problem) -> Decision {
        let event: EventID = try exchange.id(.event)
        exchange.event = event
        exchange.seatMapForm = try QueryParameters.of(exchange.head)
            .seatMapForm(accept: exchange.head.fields.values("accept"))
        return try read(.seatMap(event), &exchange)
    }
}
