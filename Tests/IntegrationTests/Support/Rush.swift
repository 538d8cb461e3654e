import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO

/// Many buyers at once: each keeps one request under way, and nobody tries again by himself. Every
/// other hold that is acknowledged is paid for at once.
final class Rush {
    struct Attempt: Hashable {
        let number: Int
        let seats: [String]
        var key: String { "rush-\(number)" }
        var isPaidFor: Bool { number.isMultiple(of: 2) }
        func call(_ sale: Sale) -> Call { sale.hold(seats, key: key, user: "user-\(number)") }
    }

    private let sale: Sale
    private var attempts = 0
    private var underWay = 0
    /// Acknowledged attempts and their holds.
    private(set) var held: [Attempt: String] = [:]
    /// Attempts whose fate is not known.
    private(set) var unanswered: Set<Attempt> = []
    /// Holds that were paid for, and the orders that were acknowledged.
    private(set) var orders: [String: String] = [:]
    /// Holds whose commit got no answer.
    private(set) var unpaid: Set<String> = []

    private static let buyers = 24
    /// Attempts share their seats: an attempt's second seat is the first one of a later attempt.
    private static let overlapEvery = 4

    init(at sale: Sale) { self.sale = sale }

    func commit(of hold: String) -> Call { sale.commit(hold, key: "pay-\(hold)") }

    func run(untilAcknowledged count: Int) throws {
        _ = try eventually("\(count) holds are acknowledged") {
            while underWay < Self.buyers { try startNext() }
            sale.cluster.client.turn()
            return held.count >= count ? true : nil
        }
    }

    /// Waits until no request is under way any more.
    func awaitSilence() throws {
        _ = try eventually("every request has ended") {
            sale.cluster.client.turn()
            return underWay == 0 ? true : nil
        }
    }

    /// What a retry of a hold was told.
    func settle(_ attempt: Attempt, _ answer: Answer) {
        unanswered.remove(attempt)
        if answer.status == 201, let hold = answer["hold_id"]?.text { held[attempt] = hold }
    }

    /// What a retry of a commit came to.
    func settle(commitOf hold: String, order: String) {
        unpaid.remove(hold)
        orders[hold] = order
    }

    private func startNext() throws {
        let number = attempts
        attempts += 1
        let first = seat(number)
        let seats = number % Self.overlapEvery == 0 ? [first, seat(number + 1)] : [first]
        let attempt = Attempt(number: number, seats: seats)
        try send(attempt.call(sale), number) { [unowned self] in take($0, attempt) }
    }

    private func send(
        _ call: Call, _ number: Int, _ take: @escaping (Result<Answer, HTTPClientError>) -> Void
    ) throws {
        let nodes = sale.cluster.nodes
        let node = nodes.lowerBound + number % nodes.count
        underWay += 1
        try sale.cluster.client.start(call, to: sale.cluster.files.httpPort(of: node)) {
            [unowned self] result in
            underWay -= 1
            take(result)
        }
    }

    private func take(_ result: Result<Answer, HTTPClientError>, _ attempt: Attempt) {
        switch result {
        case .success(let answer) where answer.status == 201:
            settle(attempt, answer)
            if attempt.isPaidFor, let hold = held[attempt] { pay(for: hold, attempt) }
        // Refused for good, or certainly not done.
        case .success(let answer) where answer.status == 409 || answer.status == 503: break
        case .success, .failure(.unanswered), .failure(.timedOut): unanswered.insert(attempt)
        case .failure(.notSent): break
        }
    }

    private func pay(for hold: String, _ attempt: Attempt) {
        unpaid.insert(hold)
        try? send(commit(of: hold), attempt.number + 1) { [unowned self] result in
            guard case .success(let answer) = result, answer.status == 200,
                let order = answer["order_id"]?.text
            else { return }
            settle(commitOf: hold, order: order)
        }
    }

    private func seat(_ number: Int) -> String {
        "S-\(Sale.rowName(number / 50 % 8))-\(number % 50 + 1)"
    }
}
