import HTTPProtocol
import Inventory
import NodeCore
import Primitives

/// One answer being written: what it answers, and what all answers of this node share.
struct Rendering {
    let exchange: Exchange
    let staleness: Milliseconds?
    let configuration: APIConfiguration

    func response(_ answer: Answer) -> HTTPResponse {
        switch answer {
        case .outcome(let outcome): response(outcome)
        case .paymentUnderWay(let order): underWay(order)
        case .events(let page): events(page)
        case .layout(let layout): self.layout(layout)
        case .seatMap: unexpected(answer)
        case .orders(let orders): list(orders)
        case .status(let status): self.status(status)
        case .unknownSeats(let positions): exchange.refusal(exchange.unknownSeats(positions))
        case .notLeader(let hint): redirect(hint)
        case .transferRefused(let refusal): exchange.refusal(Problem(refusal))
        case .unavailable(let unavailability): exchange.refusal(Problem(unavailability))
        case .outcomeUnknown:
            exchange.refusal(
                Problem(
                    .outcomeUnknown,
                    "Whether this was done is not known here. Retry with the same key."))
        }
    }

    private func response(_ outcome: Outcome) -> HTTPResponse {
        // A provider that is told no comes again and again: whatever the rules made of its
        // message, it has arrived.
        if exchange.endpoint == .webhook { return received }
        switch outcome {
        case .done: return done
        case .venue(let venue, let replay): return self.venue(venue, replay)
        case .event(let event, let replay): return self.event(event, replay)
        case .blocked(let event, let revision):
            return exchange.json(.ok, headers: { _ in }) { body in
                body.field("event_id", event.text)
                body.field("revision", revision.rawValue)
            }
        case .hold(let hold, let replay): return self.hold(hold, replay)
        case .released: return exchange.response(.noContent) { _ in }
        case .payment: unexpected(.outcome(outcome))
        case .order(let order, let replay): return self.order(order, replay)
        case .refused(let refusal):
            return exchange.refusal(exchange.problem(refusal))
        }
    }

    private var received: HTTPResponse {
        exchange.json(.ok, headers: { _ in }) { $0.field("received", true) }
    }

    /// An administrator's call: a flush is complete, a transfer has begun.
    private var done: HTTPResponse {
        guard exchange.endpoint == .transferLeadership else {
            return exchange.response(.noContent) { _ in }
        }
        return exchange.json(.accepted) { headers in
            headers.add("Location", "/cluster/status")
        } _: { body in
            body.field("status", "transferring")
        }
    }

    /// To the leader, with the same path and query. Where that can't help, 503: nothing was
    /// appended, whoever asks again may find a leader.
    private func redirect(_ hint: LeaderHint) -> HTTPResponse {
        let target = String(decoding: exchange.head.pathAndQuery, as: UTF8.self)
        guard configuration.leaderRouting == .redirect, exchange.endpoint != .webhook,
            hint.leader != configuration.node, let leader = configuration.member(hint.leader),
            let location = HTTPHeaderValue(leader.httpURL + target),
            let name = HTTPHeaderValue("\(hint.leader);term=\(hint.term.rawValue)")
        else { return exchange.refusal(Problem(.noLeader)) }
        return exchange.response(.temporaryRedirect) { headers in
            headers.add("Location", location)
            headers.add("Holdfast-Leader", name)
            headers.add("Cache-Control", "no-store")
        }
    }

    /// The core answers each operation with its own kinds of outcome.
    func unexpected(_ answer: Answer) -> Never {
        invariantFailure("INV-93: \(exchange.endpoint) is answered with \(answer)")
    }
}
