import Inventory

extension Exchange {
    /// Why the rules said no, in the contract's terms.
    func problem(_ refusal: Refusal) -> Problem {
        switch refusal {
        case .notFound(let missing): Problem(missing)
        case .seatsUnavailable(let conflicts, let layout): unavailable(conflicts, layout)
        case .idempotencyKeyReused:
            Problem(.idempotencyKeyReused, "The key was used for another request.")
        case .idempotencyInProgress:
            Problem(.idempotencyInProgress, "Another attempt for this hold is under way.")
                .with(.retryAfter(seconds: 1))
        case .layoutIncomplete:
            // Two imports with one key mixed their parts: neither is sealed, one may try again.
            Problem(.idempotencyInProgress, "Another import with this key is under way.")
                .with(.retryAfter(seconds: 1))
        case .paymentPending:
            Problem(.paymentPending, "A payment for this hold is in flight.")
        case .holdCommitted(let order):
            Problem(.holdCommitted, "The hold is booked, as order \(order.text).")
        case .holdExpired: Problem(.holdExpired, "The hold has expired.")
        case .holdReleased: Problem(.holdReleased, "The hold was released.")
        case .notOnSale(let opensAt):
            Problem(.notOnSale, "Sales open at \(Timestamp(opensAt).text).")
        case .limitExceeded(let limit): Problem(.limitExceeded, limit.sentence)
        case .ttlOutOfRange(let bounds):
            Problem(
                .ttlOutOfRange, field: ttlField,
                "must be from \(bounds.minSeconds) to \(bounds.maxSeconds)")
        case .paymentDeclined:
            Problem(.paymentDeclined, "The payment was declined. Another try needs another key.")
        case .unknownSeat: unknownSeats([])
        case .pricesInvalid(let fault): fault.problem
        }
    }

    /// - Parameter positions: in the request's list, those that name no seat; empty if unknown.
    func unknownSeats(_ positions: [Int]) -> Problem {
        var problem = Problem(.unknownSeat, "The request names seats that are not there.")
        problem.errors = positions.map {
            Problem.FieldError(field: "\(seatsField)[\($0)]", message: "is not a seat here")
        }
        if positions.isEmpty {
            problem.errors = [
                Problem.FieldError(field: seatsField, message: "must be seats of this hold")
            ]
        }
        return problem
    }

    private func unavailable(_ conflicts: [SeatConflict], _ layout: Layout) -> Problem {
        var problem = Problem(
            .seatsUnavailable,
            conflicts.count == 1
                ? "One of the seats is not available."
                : "\(conflicts.count) of the seats are not available.")
        problem.conflicts = conflicts.map {
            Problem.Conflict(seat: layout.seatName($0.seat), state: $0.state)
        }
        return problem
    }

    private var seatsField: String {
        endpoint == .amendHold ? "release_seat_ids" : "seat_ids"
    }

    private var ttlField: String {
        endpoint == .amendHold
            ? "extend_seconds" : endpoint == .createEvent ? "hold_ttl_seconds" : "ttl_seconds"
    }
}

extension Limit {
    fileprivate var sentence: String {
        switch self {
        case .seatsPerUser(let max): "A user may have at most \(max) seats of this event."
        case .seatsPerHold(let max): "A hold has 1 to \(max) different seats."
        case .extensions: "A hold is extended once."
        case .amendments: "This hold has been amended too often."
        case .unsealedVenues(let max): "At most \(max) venue imports may be under way."
        }
    }
}

extension PriceFault {
    fileprivate var problem: Problem {
        switch self {
        case .missing(let section):
            .unprocessable("prices", "leaves out section \(section)")
        case .unknownSection(let section):
            .unprocessable("prices.\(section)", "is not a section of the venue")
        case .repeated(let section):
            .unprocessable("prices.\(section)", "is given twice")
        case .outOfRange(let section):
            .unprocessable("prices.\(section)", "must be from 0 to \(SectionPrice.amountMax)")
        }
    }
}
