import Inventory
import Primitives

/// What is to become of a write.
enum Plan {
    /// It could succeed: the command goes into the log and answers.
    case propose(Command)
    /// A venue's parts go into the log, and last the command that answers.
    case importVenue([Command])
    /// Applied state refuses it, or has answered it before.
    case refuse(Answer)
    /// Applied state knows nothing of what a provider's notice is about: it is to be kept.
    case keep(Command)
}

extension NodeCore {
    /// Judges a write against applied state. Entries not yet applied are never grounds for a
    /// refusal.
    func plan(_ operation: WriteOperation) -> Plan {
        switch operation {
        case .createVenue(let venue): plan(venue)
        case .createEvent(let event): judged(.createEvent(event), of: event.event, .event)
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
        case .releaseHold(let hold): judged(.releaseHold(hold), of: hold, .hold)
        case .commit(let payment): plan(payment)
        case .cancelOrder(let order, let bits):
            judged(
                .cancelOrder(
                    CancelOrder(order: order, refund: RefundID(shard: order.shard, bits: bits))),
                of: order, .order)
        case .webhook(let notice): plan(notice)
        }
    }

    /// Whether an id can name anything here. Clients may send any: one of another Raft group or of
    /// a shard that isn't there names nothing, whatever its own bits, and no entry could carry it.
    func isOurs<Kind>(_ id: ResourceID<Kind>) -> Bool {
        id.group == .first && id.shard.rawValue < inventory.shardCount
    }

    /// A command is refused when the log's own time refuses it and the stamp that it would get now
    /// does, too. What only the stamp refuses is proposed and refused at its application: until an
    /// entry says what time it is, another leader's clock may say otherwise.
    private func judged<Kind>(
        _ command: ShardCommand, of id: ResourceID<Kind>, _ subject: Missing
    ) -> Plan {
        guard isOurs(id) else { return .refuse(.outcome(.refused(.notFound(subject)))) }
        let command = Command.shard(id.shard, command)
        guard let outcome = inventory.judge(command, at: .zero) else { return .propose(command) }
        if let stamp = logClock?.stamp(at: now.monotonic), stamp > inventory.clock,
            inventory.judge(command, at: stamp) == nil
        {
            return .propose(command)
        }
        return .refuse(.outcome(outcome))
    }

    /// Seat names mean something only by the event's layout.
    private func plan(
        _ event: EventID, _ names: [String], _ command: ([SeatIndex]) -> ShardCommand
    ) -> Plan {
        guard isOurs(event), let layout = inventory.event(event)?.content.layout else {
            return .refuse(.outcome(.refused(.notFound(.event))))
        }
        switch seats(names, in: layout) {
        case .success(let seats): return judged(command(seats), of: event, .event)
        case .failure(let unknown): return .refuse(.unknownSeats(unknown.positions))
        }
    }

    private func plan(_ amendment: HoldAmendment) -> Plan {
        guard isOurs(amendment.hold), let hold = inventory.hold(amendment.hold, at: .zero) else {
            return .refuse(.outcome(.refused(.notFound(.hold))))
        }
        switch seats(amendment.releaseSeats, in: hold.event.content.layout) {
        case .success(let seats):
            return judged(
                .amendHold(
                    AmendHold(
                        hold: amendment.hold, extendSeconds: amendment.extendSeconds,
                        releaseSeats: seats, key: amendment.key)),
                of: amendment.hold, .hold)
        case .failure(let unknown):
            return .refuse(.unknownSeats(unknown.positions))
        }
    }

    private func plan(_ payment: NewPayment) -> Plan {
        let shard = payment.hold.shard
        return judged(
            .beginPayment(
                BeginPayment(
                    hold: payment.hold, key: payment.key, token: payment.token,
                    provider: configuration.paymentProvider,
                    attempt: AttemptID(shard: shard, bits: payment.attemptBits),
                    order: OrderID(shard: shard, bits: payment.orderBits),
                    deadline: configuration.paymentDeadline)),
            of: payment.hold, .hold)
    }

    private func plan(_ venue: NewVenue) -> Plan {
        let parts = ImportVenuePart.cut(venue.layout, of: venue.venue)
        let seal = SystemCommand.sealVenue(
            SealVenue(
                venue: venue.venue, owner: venue.owner, name: venue.name,
                partCount: UInt32(parts.count), layoutHash: venue.layoutHash,
                bodyHash: venue.bodyHash))
        if let outcome = inventory.judge(.system(seal), at: .zero) {
            return .refuse(.outcome(outcome))
        }
        let commands = parts.map { SystemCommand.importVenuePart($0) }
        // Too many imports at once: the first part would not be taken.
        if let first = commands.first,
            case .refused(let refusal)? = inventory.judge(.system(first), at: .zero)
        {
            return .refuse(.outcome(.refused(refusal)))
        }
        return .importVenue((commands + [seal]).map { .system($0) })
    }

    /// A notice of an attempt of ours becomes an observation; one that says nothing new, or that
    /// comes while the payment is under way, is merely acknowledged; the rest is kept.
    private func plan(_ notice: ProviderNotice) -> Plan {
        switch notice.subject {
        case .payment(let attempt, let intent):
            guard isOurs(attempt), let asked = inventory.attempt(attempt),
                intent.isPayment(of: asked) || intent.status == .succeeded
            else { return keep(notice) }
            guard let observation = ObservePayment(attempt: attempt, intent: intent) else {
                return .refuse(.outcome(.done))
            }
            return judged(.observePayment(observation), of: attempt, .payment)
        case .refund(let refund, let reference):
            guard isOurs(refund), inventory.refund(refund) != nil else { return keep(notice) }
            let observation = ObserveRefund(refund: refund, reference: reference)
            return judged(.observeRefund(observation), of: refund, .refund)
        case .unmatched:
            return keep(notice)
        }
    }

    private func keep(_ notice: ProviderNotice) -> Plan {
        let command = Command.system(
            .keepWebhook(
                KeepWebhook(
                    provider: notice.provider, bodyHash: notice.bodyHash,
                    body: Array(notice.body.prefix(KeepWebhook.bodyBytesMax)))))
        if let outcome = inventory.judge(command, at: .zero) { return .refuse(.outcome(outcome)) }
        return .keep(command)
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

extension KeepWebhook {
    /// What an operator may want to read of a message; the rest is cut off.
    static let bodyBytesMax = 64 * 1_024
}
