package import Inventory
package import Primitives

/// Takes open attempts and due refunds to the provider, one call at a time each, until the
/// provider's word is final. Only a leader drives; what it knows dies with its reign, because
/// everything that must survive is in the log and in the provider's own ledger.
///
/// It remembers how far each conversation with the provider has come, and nothing of the attempts
/// themselves: what is asked is decided by their state right before the call.
package struct PaymentDriver: Sendable {
    /// What a call is about.
    package enum Subject: Hashable, Sendable {
        case attempt(AttemptID)
        case refund(RefundID)
    }

    /// What follows from a provider's answer.
    package enum Verdict: Sendable {
        /// Nothing to write: the next call is scheduled.
        case goesOn
        case observed(ObservePayment)
        case refunded(ObserveRefund)
        /// The first of several calls in a row without a usable answer.
        case unreachable(reason: String)
        /// The first time that the provider shows another payment than the attempt asks for.
        case mismatched(AttemptID, found: ProviderIntent)
    }

    private enum Move {
        /// Also a refund's only move.
        case create
        case confirm
        case fetch
        case cancel
    }

    private enum Step {
        /// The next call is made at this time.
        case resting(until: MonotonicTime)
        /// It waits for its confirmation, or for its answer.
        case calling
        /// The provider's word is on its way into the log.
        case reported
    }

    private struct Drive {
        var step: Step
        /// What is to be asked next, unless the attempt's deadline passes before.
        var move = Move.create
        /// What was asked last.
        var lastMove: Move?
        /// The provider's id of the payment, once it has told.
        var reference = ""
        var failures = 0
        var isMismatchTold = false
    }

    private struct Alarm: Comparable {
        var at: MonotonicTime
        var sequence: UInt64
        var subject: Subject
        static func < (a: Alarm, b: Alarm) -> Bool { (a.at, a.sequence) < (b.at, b.sequence) }
        static func == (a: Alarm, b: Alarm) -> Bool { a.sequence == b.sequence }
    }

    private static let pollInterval = Milliseconds(1_000)
    private static let backoffMin = Milliseconds(250)
    /// 2 s at most: a lost answer is settled within 10 s once the provider answers again.
    private static let backoffDoublingsMax = 3

    private var drives: [Subject: Drive] = [:]
    private var calls: [ProviderCallID: Subject] = [:]
    private var alarms = BinaryHeap<Alarm>()
    private var lastCall = ProviderCallID(0)
    private var lastAlarm: UInt64 = 0

    package init() {}

    /// Attempts and refunds whose end is awaited.
    package var count: Int { drives.count }

    /// Leadership is gone. Answers to calls of this reign will find nobody.
    package mutating func reset() {
        drives = [:]
        calls = [:]
        alarms = BinaryHeap()
    }

    /// Takes an attempt or a refund on. If its report has been applied and it is still open, the
    /// provider is asked again.
    package mutating func drive(_ subject: Subject, at now: MonotonicTime) {
        switch drives[subject]?.step {
        case nil:
            drives[subject] = Drive(step: .resting(until: now))
            ring(subject, at: now)
        case .reported:
            rest(subject, for: Self.pollInterval, then: .fetch, at: now)
        case .resting, .calling:
            break
        }
    }

    /// The log has the provider's last word.
    package mutating func settled(_ subject: Subject) { drives[subject] = nil }

    /// Calls whose time has come, to be made once leadership is confirmed.
    package mutating func dueCalls(at now: MonotonicTime) -> [ProviderCallID] {
        var due: [ProviderCallID] = []
        while let alarm = alarms.min, alarm.at <= now {
            _ = alarms.removeMin()
            guard case .resting(let until)? = drives[alarm.subject]?.step, until <= now else {
                continue
            }
            lastCall = ProviderCallID(lastCall.rawValue + 1)
            calls[lastCall] = alarm.subject
            drives[alarm.subject]?.step = .calling
            due.append(lastCall)
        }
        return due
    }

    /// Leadership could not be confirmed: the call is not made now.
    package mutating func withdraw(_ call: ProviderCallID, at now: MonotonicTime) {
        guard let subject = calls.removeValue(forKey: call), let drive = drives[subject] else {
            return
        }
        rest(subject, for: Self.backoffMin, then: drive.move, at: now)
    }

    /// The call to be made now; nil when nothing is left to ask.
    package mutating func request(
        of call: ProviderCallID, in inventory: Inventory
    ) -> ProviderCall? {
        guard let subject = calls[call], let drive = drives[subject] else { return nil }
        switch subject {
        case .attempt(let id):
            if var attempt = inventory.attempt(id), attempt.status.isOpen {
                let move = Self.move(drive, attempt.status)
                drives[subject]?.lastMove = move
                attempt.reference = drive.reference
                return ProviderCall(id: call, request: Self.request(move, attempt))
            }
        case .refund(let id):
            if let refund = inventory.refund(id), refund.status == .due {
                return ProviderCall(id: call, request: .refund(refund))
            }
        }
        calls[call] = nil
        drives[subject] = nil
        return nil
    }

    /// What is asked of an attempt in this status. Once its deadline has passed nothing is
    /// confirmed any more: cancelling and fetching take turns until the provider's word is final.
    private static func move(_ drive: Drive, _ status: AttemptStatus) -> Move {
        let mustCancel = status == .cancelling && drive.lastMove != .cancel
        switch drive.move {
        case .create: return .create
        case .confirm, .cancel:
            if drive.reference.isEmpty { return .create }
            return status == .cancelling ? .cancel : .confirm
        case .fetch: return mustCancel && !drive.reference.isEmpty ? .cancel : .fetch
        }
    }

    private static func request(_ move: Move, _ attempt: AttemptView) -> ProviderCall.Request {
        switch move {
        case .create: .create(attempt)
        case .confirm: .confirm(attempt)
        case .fetch: .fetch(attempt)
        case .cancel: .cancel(attempt)
        }
    }

    /// Takes the provider's answer to a call. Answers to calls of earlier reigns change nothing.
    package mutating func resolve(
        _ call: ProviderCallID, _ result: ProviderResult, in inventory: Inventory,
        at now: MonotonicTime
    ) -> Verdict {
        guard let subject = calls.removeValue(forKey: call), drives[subject] != nil else {
            return .goesOn
        }
        switch (subject, result) {
        case (.attempt(let id), .intent(let intent)):
            return advance(id, intent, in: inventory, at: now)
        case (.refund(let id), .refunded(let reference)):
            drives[subject]?.step = .reported
            return .refunded(ObserveRefund(refund: id, reference: reference))
        case (.attempt, .absent):
            return fail(subject, then: .create, "the provider knows no such payment", at: now)
        case (.attempt(let id), .unknown) where Mutant.lostAnswerDeclines.isPlanted:
            drives[subject]?.step = .reported
            return .observed(
                ObservePayment(
                    attempt: id, status: .declined, amount: 0, currency: "", reference: "",
                    refund: id.refund))
        case (.attempt, .unknown(let reason)):
            return fail(subject, then: .fetch, reason, at: now)
        case (.attempt, .refunded):
            return fail(subject, then: .fetch, "a refund's answer to a payment", at: now)
        case (.refund, .unknown(let reason)):
            return fail(subject, then: .create, reason, at: now)
        case (.refund, .absent), (.refund, .intent):
            return fail(subject, then: .create, "the provider can't refund this", at: now)
        }
    }

    private mutating func advance(
        _ id: AttemptID, _ intent: ProviderIntent, in inventory: Inventory, at now: MonotonicTime
    ) -> Verdict {
        let subject = Subject.attempt(id)
        let lastMove = drives[subject]?.lastMove
        let isAsked = inventory.attempt(id).map(intent.isPayment(of:)) ?? false
        drives[subject]?.reference = intent.reference
        // Ended at our own word it takes no money any more, and our key makes no other payment.
        let counts = isAsked || intent.status == .succeeded || lastMove == .cancel
        if counts, let observation = ObservePayment(attempt: id, intent: intent) {
            drives[subject]?.step = .reported
            return .observed(observation)
        }
        guard isAsked else { return refuse(intent, of: id, at: now) }
        drives[subject]?.failures = 0
        switch lastMove {
        case .create, .fetch, nil:
            if intent.status == .processing {
                rest(subject, for: Self.pollInterval, then: .fetch, at: now)
            } else {
                rest(subject, for: .zero, then: .confirm, at: now)
            }
        case .confirm, .cancel:
            rest(subject, for: Self.pollInterval, then: .fetch, at: now)
        }
        return .goesOn
    }

    /// The provider has another payment under this attempt's id. It is left alone until somebody
    /// has put it right or the attempt's deadline has passed; the seats stay fenced meanwhile.
    private mutating func refuse(
        _ intent: ProviderIntent, of id: AttemptID, at now: MonotonicTime
    ) -> Verdict {
        let subject = Subject.attempt(id)
        let isTold = drives[subject]?.isMismatchTold ?? true
        drives[subject]?.isMismatchTold = true
        rest(subject, for: Self.pollInterval, then: .fetch, at: now)
        return isTold ? .goesOn : .mismatched(id, found: intent)
    }

    /// The call came to nothing, as far as we know. Tries again, less and less often.
    private mutating func fail(
        _ subject: Subject, then move: Move, _ reason: String, at now: MonotonicTime
    ) -> Verdict {
        let failures = drives[subject]?.failures ?? 0
        drives[subject]?.failures = failures + 1
        let doublings = min(failures, Self.backoffDoublingsMax)
        let span = Milliseconds(Self.backoffMin.rawValue << Int64(doublings))
        rest(subject, for: span, then: move, at: now)
        return failures == 0 ? .unreachable(reason: reason) : .goesOn
    }

    private mutating func rest(
        _ subject: Subject, for span: Milliseconds, then move: Move, at now: MonotonicTime
    ) {
        drives[subject]?.move = move
        drives[subject]?.step = .resting(until: now + span)
        ring(subject, at: now + span)
    }

    private mutating func ring(_ subject: Subject, at time: MonotonicTime) {
        lastAlarm += 1
        alarms.insert(Alarm(at: time, sequence: lastAlarm, subject: subject))
    }
}
