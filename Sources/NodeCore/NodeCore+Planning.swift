import Inventory
import Primitives

/// What is to become of a write.
enum Plan {
    /// It could succeed: these commands go into the log, the last one answers.
    case propose([Command])
    /// Applied state refuses it, or has answered it before.
    case refuse(Answer)
}

extension NodeCore {
    /// Judges a write against applied state at the stamp it would get now. Entries not yet
    /// applied are never grounds for a refusal.
    func plan(_ operation: WriteOperation) -> Plan {
        switch operation {
        case .createVenue(let venue): plan(venue)
        case .createEvent(let event): judged(.shard(event.event.shard, .createEvent(event)))
        case .setBlocked(let event, let seats, let target):
            plan(event, seats) { .setBlocked(SetBlocked(event: event, seats: $0, target: target)) }
        case .hold(let hold):
            plan(hold.event, hold.seats) { seats in
                .hold(
                    HoldSeats(
                        event: hold.event,
                        hold: HoldID(shard: hold.event.shard, bits: hold.holdBits),
                        user: hold.user, key: hold.key, seats: seats, ttlSeconds: hold.ttlSeconds))
            }
        case .amendHold(let amendment): plan(amendment)
        case .releaseHold(let hold): judged(.shard(hold.shard, .releaseHold(hold)))
        case .commit(let payment): plan(payment)
        case .cancelOrder(let order, let bits):
            judged(
                .shard(
                    order.shard,
                    .cancelOrder(
                        CancelOrder(
                            order: order, refund: RefundID(shard: order.shard, bits: bits)))))
        case .webhook(let notice): plan(notice)
        }
    }

    private func judged(_ command: Command) -> Plan {
        if case .shard(let shard, _) = command, !shardIDs.contains(shard) {
            return .refuse(.outcome(.refused(.notFound(command.subject))))
        }
        if let outcome = inventory.judge(command, at: judgementTime) {
            return .refuse(.outcome(outcome))
        }
        return .propose([command])
    }

    /// Seat names mean something only by the event's layout.
    private func plan(
        _ event: EventID, _ names: [String], _ command: ([SeatIndex]) -> ShardCommand
    ) -> Plan {
        guard let layout = inventory.event(event)?.content.layout else {
            return .refuse(.outcome(.refused(.notFound(.event))))
        }
        switch seats(names, in: layout) {
        case .success(let seats): return judged(.shard(event.shard, command(seats)))
        case .failure(let unknown): return .refuse(.unknownSeats(unknown.positions))
        }
    }

    private func plan(_ amendment: HoldAmendment) -> Plan {
        guard let hold = inventory.hold(amendment.hold, at: judgementTime) else {
            return .refuse(.outcome(.refused(.notFound(.hold))))
        }
        switch seats(amendment.releaseSeats, in: hold.event.content.layout) {
        case .success(let seats):
            return judged(
                .shard(
                    amendment.hold.shard,
                    .amendHold(
                        AmendHold(
                            hold: amendment.hold, extendSeconds: amendment.extendSeconds,
                            releaseSeats: seats, key: amendment.key))))
        case .failure(let unknown):
            return .refuse(.unknownSeats(unknown.positions))
        }
    }

    private func plan(_ payment: NewPayment) -> Plan {
        let shard = payment.hold.shard
        return judged(
            .shard(
                shard,
                .beginPayment(
                    BeginPayment(
                        hold: payment.hold, key: payment.key, token: payment.token,
                        provider: configuration.paymentProvider,
                        attempt: AttemptID(shard: shard, bits: payment.attemptBits),
                        order: OrderID(shard: shard, bits: payment.orderBits),
                        deadline: configuration.paymentDeadline))))
    }

    private func plan(_ venue: NewVenue) -> Plan {
        let parts = ImportVenuePart.cut(venue.layout, of: venue.venue)
        let seal = Command.system(
            .sealVenue(
                SealVenue(
                    venue: venue.venue, owner: venue.owner, name: venue.name,
                    partCount: UInt32(parts.count), layoutHash: venue.layoutHash,
                    bodyHash: venue.bodyHash)))
        if let view = inventory.venue(venue.venue) {
            let isSame = view.content.bodyHash == venue.bodyHash
            return .refuse(
                .outcome(isSame ? .venue(view, .replayed) : .refused(.idempotencyKeyReused)))
        }
        return .propose(parts.map { .system(.importVenuePart($0)) } + [seal])
    }

    /// A notice of an attempt of ours becomes an observation; one that says nothing new, or that
    /// comes while the payment is under way, is merely acknowledged; the rest is kept.
    private func plan(_ notice: ProviderNotice) -> Plan {
        switch notice.subject {
        case .payment(let attempt, let intent):
            guard inventory.attempt(attempt) != nil else { return keep(notice) }
            guard let observation = ObservePayment(attempt: attempt, intent: intent) else {
                return .refuse(.outcome(.done))
            }
            return .propose([.shard(attempt.shard, .observePayment(observation))])
        case .refund(let refund, let reference):
            guard inventory.refund(refund) != nil else { return keep(notice) }
            return .propose([
                .shard(
                    refund.shard,
                    .observeRefund(ObserveRefund(refund: refund, reference: reference)))
            ])
        case .unmatched:
            return keep(notice)
        }
    }

    private func keep(_ notice: ProviderNotice) -> Plan {
        .propose([
            .system(
                .keepWebhook(
                    KeepWebhook(
                        provider: notice.provider, bodyHash: notice.bodyHash, body: notice.body)))
        ])
    }

    private func seats(
        _ names: [String], in layout: Layout
    ) -> Result<[SeatIndex], UnknownSeats> {
        var seats: [SeatIndex] = []
        var unknown: [Int] = []
        seats.reserveCapacity(names.count)
        for (position, name) in names.enumerated() {
            if let seat = layout.index(ofSeat: name) {
                seats.append(seat)
            } else {
                unknown.append(position)
            }
        }
        return unknown.isEmpty ? .success(seats) : .failure(UnknownSeats(positions: unknown))
    }
}

/// Positions in a request's seat list that name no seat of the layout.
private struct UnknownSeats: Error {
    var positions: [Int]
}

extension Command {
    /// What is missing when the command's shard doesn't exist.
    fileprivate var subject: Missing {
        switch self {
        case .system: .venue
        case .shard(_, .createEvent), .shard(_, .setBlocked), .shard(_, .hold): .event
        case .shard(_, .amendHold), .shard(_, .releaseHold), .shard(_, .beginPayment): .hold
        case .shard(_, .observePayment): .payment
        case .shard(_, .cancelOrder): .order
        case .shard(_, .observeRefund), .shard(_, .expireDue): .refund
        }
    }
}
