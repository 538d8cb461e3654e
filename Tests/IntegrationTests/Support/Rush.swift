import HTTPClient
import HTTPProtocol
import Primitives
import SystemIO

/// Many buyers at once: each keeps one request under way, and nobody tries again by himself.
final class Rush {
    struct Attempt: Hashable {
        let key: String
        let seats: [String]
        func call(_ sale: Sale) -> Call { sale.hold(seats, key: key, user: "user-\(key)") }
    }

    private let sale: Sale
    private var attempts = 0
    private var underWay: Set<Attempt> = []
    /// Acknowledged attempts and their holds.
    private(set) var held: [Attempt: String] = [:]
    /// Attempts whose fate is not known.
    private(set) var unanswered: Set<Attempt> = []

    private static let buyers = 24
    /// Attempts share their seats: an attempt's second seat is the first one of a later attempt.
    private static let overlapEvery = 4

    init(at sale: Sale) { self.sale = sale }

    func run(untilAcknowledged count: Int) throws {
        _ = try eventually("\(count) holds are acknowledged") {
            while underWay.count < Self.buyers { try startNext() }
            sale.cluster.client.turn()
            return held.count >= count ? true : nil
        }
    }

    /// Waits until no request is under way any more.
    func awaitSilence() throws {
        _ = try eventually("every request has ended") {
            sale.cluster.client.turn()
            return underWay.isEmpty ? true : nil
        }
    }

    /// What a retry was told.
    func settle(_ attempt: Attempt, _ answer: Answer) {
        unanswered.remove(attempt)
        if answer.status == 201, let hold = answer["hold_id"]?.text { held[attempt] = hold }
    }

    private func startNext() throws {
        let number = attempts
        attempts += 1
        let first = seat(number)
        let seats = number % Self.overlapEvery == 0 ? [first, seat(number + 1)] : [first]
        let attempt = Attempt(key: "rush-\(number)", seats: seats)
        underWay.insert(attempt)
        let nodes = sale.cluster.nodes
        let node = nodes.lowerBound + number % nodes.count
        try sale.cluster.client.start(
            attempt.call(sale), to: sale.cluster.files.httpPort(of: node)
        ) { [unowned self] result in take(result, attempt) }
    }

    private func take(_ result: Result<Answer, HTTPClientError>, _ attempt: Attempt) {
        underWay.remove(attempt)
        switch result {
        case .success(let answer) where answer.status == 201: settle(attempt, answer)
        // Refused for good, or certainly not done.
        case .success(let answer) where answer.status == 409 || answer.status == 503: break
        case .success, .failure(.unanswered), .failure(.timedOut): unanswered.insert(attempt)
        case .failure(.notSent): break
        }
    }

    private func seat(_ number: Int) -> String {
        "S-\(Sale.rowName(number / 50 % 8))-\(number % 50 + 1)"
    }
}
