package import Inventory
package import Primitives

/// Takes open attempts and due refunds to the provider, one call at a time each, until the
/// provider's word is final. Only a leader drives; what it knows dies with its reign, because
/// everything that must survive is in the log and in the provider's own ledger.
package struct PaymentDriver: Sendable {
    /// What follows from a provider's answer.
    package enum Verdict: Sendable {
        /// Nothing to write: the next call is scheduled.
        case goesOn
        case observed(ObservePayment)
        case refunded(ObserveRefund)
        case unreachable(reason: String)
    }

    private enum Subject: Hashable {
        case attempt(AttemptID)
        case refund(RefundID)
    }

    private enum Move {
        case create
        case confirm
        case fetch
        case cancel
    }

    private enum Step {
        /// The next call is made at this time.
        case resting(until: MonotonicTime, then: Move)
        case calling(ProviderCallID)
        /// The provider's word is on its way into the log.
        case reported
    }

    private struct Drive {
        var attempt: AttemptView
        var step: Step
        var failures = 0
    }

    private struct RefundDrive {
        var refund: RefundView
        var step: Step
        var failures = 0
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
    private static let backoffDoublingsMax = 3

    private var attempts: [AttemptID: Drive] = [:]
    private var refunds: [RefundID: RefundDrive] = [:]
    private var calls: [ProviderCallID: Subject] = [:]
    private var alarms = BinaryHeap<Alarm>()
    private var lastCall = ProviderCallID(0)
    private var lastAlarm: UInt64 = 0

    /// - Parameter firstCall: calls are numbered from here, so that an answer to a call of an
    ///   earlier reign finds nobody.
    package init(firstCall: ProviderCallID) {
        lastCall = firstCall
    }

    /// The id that the next call gets.
    package var nextCall: ProviderCallID { ProviderCallID(lastCall.rawValue + 1) }

    /// Takes an attempt on, or learns that one it drives is now to be cancelled.
    package mutating func drive(_ attempt: AttemptView, at now: MonotonicTime) {
        if attempts[attempt.id] != nil {
            attempts[attempt.id]?.attempt = attempt
            return
        }
        attempts[attempt.id] = Drive(
            attempt: attempt, step: .resting(until: now, then: .create))
        ring(.attempt(attempt.id), at: now)
    }

    package mutating func drive(_ refund: RefundView, at now: MonotonicTime) {
        guard refunds[refund.id] == nil else { return }
        refunds[refund.id] = RefundDrive(
            refund: refund, step: .resting(until: now, then: .create))
        ring(.refund(refund.id), at: now)
    }

    /// The log has the provider's last word of the attempt.
    package mutating func settled(_ attempt: AttemptID) { attempts[attempt] = nil }
    package mutating func settled(_ refund: RefundID) { refunds[refund] = nil }

    /// The calls whose time has come.
    package mutating func dueCalls(at now: MonotonicTime) -> [ProviderCall] {
        var due: [ProviderCall] = []
        while let alarm = alarms.min, alarm.at <= now {
            _ = alarms.removeMin()
            if let call = call(for: alarm.subject, at: now) { due.append(call) }
        }
        return due
    }

    /// The call was not made: leadership could not be confirmed. Tries again.
    package mutating func withdrawn(_ call: ProviderCallID, at now: MonotonicTime) {
        guard let subject = calls.removeValue(forKey: call) else { return }
        rest(subject, for: Self.backoffMin, then: .create, at: now)
    }

    /// Takes the provider's answer to a call. Answers to calls of earlier reigns change nothing.
    package mutating func resolve(
        _ call: ProviderCallID, _ result: ProviderResult, at now: MonotonicTime
    ) -> Verdict {
        guard let subject = calls.removeValue(forKey: call) else { return .goesOn }
        switch result {
        case .unknown(let reason):
            rest(subject, for: backoff(of: subject), then: .fetch, at: now)
            return .unreachable(reason: reason)
        case .absent:
            rest(subject, for: .zero, then: .create, at: now)
            return .goesOn
        case .refunded(let reference):
            guard case .refund(let id) = subject else { return .goesOn }
            refunds[id]?.step = .reported
            return .refunded(ObserveRefund(refund: id, reference: reference))
        case .intent(let intent):
            guard case .attempt(let id) = subject else { return .goesOn }
            return advance(id, intent, at: now)
        }
    }

    private mutating func advance(
        _ id: AttemptID, _ intent: ProviderIntent, at now: MonotonicTime
    ) -> Verdict {
        guard let attempt = attempts[id]?.attempt else { return .goesOn }
        attempts[id]?.failures = 0
        attempts[id]?.attempt.reference = intent.reference
        guard let observation = ObservePayment(attempt: id, intent: intent) else {
            rest(after: intent.status, of: attempt, at: now)
            return .goesOn
        }
        attempts[id]?.step = .reported
        return .observed(observation)
    }

    private mutating func rest(
        after status: ProviderIntent.Status, of attempt: AttemptView, at now: MonotonicTime
    ) {
        let isCancelling = attempt.status == .cancelling
        let isUnderWay = status == .processing
        let move: Move = isCancelling ? .cancel : isUnderWay ? .fetch : .confirm
        rest(.attempt(attempt.id), for: isUnderWay ? Self.pollInterval : .zero, then: move, at: now)
    }

    private mutating func call(for subject: Subject, at now: MonotonicTime) -> ProviderCall? {
        let id = nextCall
        let request: ProviderCall.Request
        switch subject {
        case .attempt(let attempt):
            guard let drive = attempts[attempt],
                case .resting(let until, let move) = drive.step, until <= now
            else { return nil }
            request = Self.request(move, drive.attempt)
            attempts[attempt]?.step = .calling(id)
        case .refund(let refund):
            guard let drive = refunds[refund], case .resting(let until, _) = drive.step,
                until <= now
            else { return nil }
            request = .refund(drive.refund)
            refunds[refund]?.step = .calling(id)
        }
        lastCall = id
        calls[id] = subject
        return ProviderCall(id: id, request: request)
    }

    private static func request(_ move: Move, _ attempt: AttemptView) -> ProviderCall.Request {
        switch move {
        case .create: .create(attempt)
        case .confirm: .confirm(attempt)
        case .fetch: .fetch(attempt)
        case .cancel: .cancel(attempt)
        }
    }

    private mutating func backoff(of subject: Subject) -> Milliseconds {
        let failures: Int
        switch subject {
        case .attempt(let id):
            failures = attempts[id]?.failures ?? 0
            attempts[id]?.failures = failures + 1
        case .refund(let id):
            failures = refunds[id]?.failures ?? 0
            refunds[id]?.failures = failures + 1
        }
        let doublings = min(failures, Self.backoffDoublingsMax)
        return Milliseconds(Self.backoffMin.rawValue << Int64(doublings))
    }

    private mutating func rest(
        _ subject: Subject, for span: Milliseconds, then move: Move, at now: MonotonicTime
    ) {
        let until = now + span
        switch subject {
        case .attempt(let id): attempts[id]?.step = .resting(until: until, then: move)
        case .refund(let id): refunds[id]?.step = .resting(until: until, then: move)
        }
        ring(subject, at: until)
    }

    private mutating func ring(_ subject: Subject, at time: MonotonicTime) {
        lastAlarm += 1
        alarms.insert(Alarm(at: time, sequence: lastAlarm, subject: subject))
    }
}
