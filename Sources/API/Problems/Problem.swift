package import HTTPProtocol
package import Inventory
package import NodeCore
import Primitives
import Raft

/// Why a request is not done: the members of a problem document (RFC 9457) that depend on the
/// reason, and the headers that go with it.
package struct Problem: Error, Hashable, Sendable {
    /// A place in the request, such as `seat_ids[2]`, a header or a query parameter.
    package struct FieldError: Hashable, Sendable {
        package var field: String
        package var message: String
    }

    /// A seat that the request can't have.
    package struct Conflict: Hashable, Sendable {
        package var seat: String
        package var state: SeatConflict.State
    }

    /// What a header tells the client to do about it.
    package enum Hint: Hashable, Sendable {
        case none
        case retryAfter(seconds: Int)
        case allow(methods: String)
        case authenticate
    }

    /// What a program decides by.
    package var code: ProblemCode
    /// The code's own, or 422 for a field that is out of its range.
    package var status: HTTPStatus
    /// One sentence for people.
    package var detail: String
    package var errors: [FieldError] = []
    package var conflicts: [Conflict] = []
    package var hint = Hint.none

    package init(_ code: ProblemCode, _ detail: String) {
        self.code = code
        status = code.status
        self.detail = detail
    }

    /// A field of the wrong form: 400 `invalid_field`.
    static func invalid(_ field: String, _ message: String) -> Problem {
        Problem(.invalidField, field: field, message)
    }

    /// A field of the right form whose value is not allowed: 422 `invalid_field`.
    static func unprocessable(_ field: String, _ message: String) -> Problem {
        var problem = Problem(.invalidField, field: field, message)
        problem.status = .unprocessableContent
        return problem
    }

    /// A problem of one field; `message` goes on where "the field" leaves off.
    init(_ code: ProblemCode, field: String, _ message: String) {
        self.init(code, "\(field) \(message).")
        errors = [FieldError(field: field, message: message)]
    }

    /// The same with a header.
    func with(_ hint: Hint) -> Problem {
        var problem = self
        problem.hint = hint
        return problem
    }
}

extension Problem {
    package init(_ unavailability: Unavailability) {
        switch unavailability {
        case .noLeader:
            self.init(.noLeader, "No leader can be reached from here. Nothing was done.")
        case .stale(nil, max: _):
            self.init(
                .noLeader,
                "No leader has confirmed this node's data since it started. Ask another node.")
        case .stale(let staleness?, let max):
            self.init(
                .noLeader,
                "A leader last confirmed this node's data \(staleness.rawValue) ms ago; up to "
                    + "\(max.rawValue) ms are served (staleness_max_ms). Ask another node.")
        case .overloaded:
            self.init(.overloaded, "The queue is full. Nothing was done.")
        case .storageFull:
            self.init(.storageFull, "There is no space to write to. Nothing was done.")
        }
        hint = .retryAfter(seconds: 1)
    }
}

extension Problem {
    /// Why leadership stays where it is.
    init(_ refusal: TransferRefusal) {
        switch refusal {
        case .notLeader:
            self.init(.noLeader, "This node does not lead any more.")
            hint = .retryAfter(seconds: 1)
        case .unfitTarget:
            self = .unprocessable("to", "must be another voter")
        case .transferring(let successor):
            self.init(.idempotencyInProgress, "A transfer to node \(successor) is under way.")
            hint = .retryAfter(seconds: 1)
        }
    }
}
