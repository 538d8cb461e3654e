import HTTPProtocol

/// Writes the requests of a sale.
struct SaleWriter: Sendable {
    let eventID: String
    let run: String
    let stadium: Stadium
    let key: AdminKey
    let userCount: Int

    /// The person behind a visit.
    func user(ofVisit number: Int) -> String { user(number % userCount) }

    func user(_ number: Int) -> String { "fan-\(run)-\(number)" }

    /// Appends a call of this visit. Repeating it repeats its key.
    func append(_ call: SaleCall, of visit: Visit, to bytes: inout [UInt8]) {
        let number = visit.plan.number
        let hold = "/reservations/\(visit.holdID ?? "")"
        switch call {
        case .hold:
            bytes.appendRequest(
                "POST", "/events/\(eventID)/reservations", body: holdBody(visit.plan))
        case .commit(let token, let attempt):
            bytes.appendRequest(
                "POST", hold + "/commit",
                body: body { object in
                    object.field("payment_token", token.rawValue)
                    object.field("idempotency_key", "\(run)-\(number)-pay-\(attempt)")
                })
        case .drop(let seat):
            bytes.appendRequest(
                "PATCH", hold, idempotencyKey: "\(run)-\(number)-drop",
                body: body { object in
                    object.array("release_seat_ids") { $0.element(stadium.name(of: seat)) }
                })
        case .release:
            bytes.appendRequest("DELETE", hold)
        case .readHold:
            bytes.appendRequest("GET", hold)
        case .cancelOrder(let order):
            bytes.appendRequest(
                "POST", "/orders/\(order)/cancel", key: key,
                idempotencyKey: "\(run)-\(number)-cancel", body: [])
        }
    }

    private func holdBody(_ plan: VisitPlan) -> [UInt8] {
        body { object in
            object.field("client_reservation_id", "\(run)-\(plan.number)")
            object.field("user_id", user(ofVisit: plan.number))
            object.array("seat_ids") { array in
                for seat in plan.seats { array.element(stadium.name(of: seat)) }
            }
        }
    }

    private func body(_ write: (inout JSONObjectWriter) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendJSONObject(write)
        return bytes
    }
}

extension SaleCall {
    /// Which document its success carries.
    var form: SaleAnswer.Form {
        switch self {
        case .hold, .drop, .release, .readHold: .hold
        case .commit, .cancelOrder: .order
        }
    }

    /// What it is to the measurement of gaps.
    enum Demand: Hashable, Sendable {
        /// A write that depends on the cluster alone.
        case write
        /// A write that also waits for the payment provider.
        case payment
        case read
    }

    var demand: Demand {
        switch self {
        case .hold, .drop, .release, .cancelOrder: .write
        case .commit: .payment
        case .readHold: .read
        }
    }
}
