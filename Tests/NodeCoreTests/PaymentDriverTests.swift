import Inventory
import NodeCore
import Primitives
import Simulation
import Testing

/// One attempt's conversation with the provider, call by call. The inventory is a real one, with
/// an open attempt in it.
@Suite struct PaymentDriverTests {
    /// A driver at work on attempt 2 of a checkout, in a world where time is set by hand.
    private struct Drive {
        var driver = PaymentDriver()
        var now = MonotonicTime(nanoseconds: 1)
        var inventory: Inventory
        let id: AttemptID

        init(cancelling: Bool = false) {
            var checkout = Checkout { if cancelling { $0.paymentDeadline = .seconds(1) } }
            checkout.cluster.provider.isDown = true
            _ = checkout.beginCommit()
            checkout.cluster.run(for: .seconds(cancelling ? 3 : 1))
            inventory = checkout.inventory
            id = checkout.sale.attemptID(2)
            driver.drive(.attempt(id), at: now)
        }

        /// The next call, once `span` has passed; nil when none is due by then.
        mutating func call(after span: Milliseconds = .zero) -> ProviderCall? {
            now = now + span
            guard let id = driver.dueCalls(at: now).first else { return nil }
            return driver.request(of: id, in: inventory)
        }

        /// The words of calls until the provider has said all of `answers`.
        mutating func words(_ answers: [ProviderResult]) -> [String] {
            var words: [String] = []
            for answer in answers {
                guard let call = call(after: .seconds(2)) else { break }
                words.append(call.word)
                _ = driver.resolve(call.id, answer, in: inventory, at: now)
            }
            if let call = call(after: .seconds(2)) { words.append(call.word) }
            return words
        }
    }

    private static func intent(_ status: ProviderIntent.Status) -> ProviderResult {
        .intent(
            ProviderIntent(reference: "p1", status: status, amount: 5_000, currency: "EUR"))
    }
    private static let silence = ProviderResult.unknown(reason: "silence")

    @Test func createThenConfirmThenPoll() {
        var drive = Drive()
        #expect(
            drive.words([
                Self.intent(.requiresConfirmation), Self.intent(.processing),
                Self.intent(.processing),
            ]) == ["create", "confirm", "fetch", "fetch"])
    }

    @Test func theCallsCarryTheProvidersReference() {
        var drive = Drive()
        guard let create = drive.call() else { return }
        _ = drive.driver.resolve(
            create.id, Self.intent(.requiresConfirmation), in: drive.inventory, at: drive.now)
        guard case .confirm(let attempt)? = drive.call()?.request else {
            Issue.record("no confirmation")
            return
        }
        #expect(attempt.reference == "p1")
        #expect(attempt.id == drive.id)
        #expect(attempt.amount == 5_000)
    }

    @Test func aLostAnswerIsFetchedAndAnAbsentPaymentCreatedAgain() {
        var drive = Drive()
        #expect(
            drive.words([Self.silence, .absent, Self.intent(.requiresConfirmation), Self.silence])
                == ["create", "fetch", "create", "confirm", "fetch"])
    }

    @Test func afterItsDeadlineAnAttemptIsCancelledNeverConfirmed() {
        var drive = Drive(cancelling: true)
        #expect(drive.inventory.attempt(drive.id)?.status == .cancelling)
        #expect(
            drive.words([
                Self.silence, .absent, Self.intent(.requiresConfirmation),
                Self.intent(.processing), Self.intent(.processing), Self.silence, .absent,
                Self.intent(.requiresConfirmation),
            ]) == [
                "create", "fetch", "create", "cancel", "fetch", "cancel", "fetch", "create",
                "cancel",
            ])
    }

    /// The deadline passes between the plan and the call.
    @Test func theAttemptsStateRightBeforeTheCallDecides() {
        var drive = Drive()
        guard let create = drive.call() else { return }
        _ = drive.driver.resolve(
            create.id, Self.intent(.requiresConfirmation), in: drive.inventory, at: drive.now)
        let confirm = drive.driver.dueCalls(at: drive.now)
        drive.inventory = Drive(cancelling: true).inventory
        #expect(confirm.count == 1)
        #expect(
            confirm.first.flatMap {
                drive.driver.request(of: $0, in: drive.inventory)?.word
            } == "cancel")
    }

    @Test func aFinalWordIsReportedOnceAndNothingIsAskedAfterIt() {
        for (status, isFinal) in [
            (ProviderIntent.Status.succeeded, true), (.declined, true), (.cancelled, true),
            (.processing, false), (.requiresConfirmation, false),
        ] {
            var drive = Drive()
            guard let create = drive.call() else { return }
            let verdict = drive.driver.resolve(
                create.id, Self.intent(status), in: drive.inventory, at: drive.now)
            if case .observed(let observation) = verdict {
                #expect(isFinal)
                #expect(observation.attempt == drive.id)
                #expect(drive.call(after: .seconds(60)) == nil)
                drive.driver.settled(.attempt(drive.id))
                #expect(drive.driver.count == 0)
            } else {
                #expect(!isFinal)
            }
        }
    }

    @Test func oneCallAtATime() {
        var drive = Drive()
        #expect(drive.call() != nil)
        drive.driver.drive(.attempt(drive.id), at: drive.now)
        #expect(drive.call(after: .seconds(60)) == nil)
    }

    @Test func aCallThatMayNotBeMadeIsTriedAgain() {
        var drive = Drive()
        guard let create = drive.driver.dueCalls(at: drive.now).first else { return }
        drive.driver.withdraw(create, at: drive.now)
        #expect(drive.call(after: Milliseconds(249)) == nil)
        #expect(drive.call(after: Milliseconds(1))?.word == "create")
    }

    @Test func answersToAnEarlierReignFindNobody() {
        var drive = Drive()
        guard let create = drive.call() else { return }
        drive.driver.reset()
        drive.driver.drive(.attempt(drive.id), at: drive.now)
        let verdict = drive.driver.resolve(
            create.id, Self.intent(.succeeded), in: drive.inventory, at: drive.now)
        guard case .goesOn = verdict else {
            Issue.record("\(verdict)")
            return
        }
        let next = drive.call()
        #expect(next?.word == "create")
        #expect(next?.id != create.id)
    }

    /// A shell's mistake must not leave an attempt without a call for ever.
    @Test func anAnswerOfTheWrongKindIsNoAnswer() {
        var drive = Drive()
        #expect(
            drive.words([.refunded(reference: "r"), .refunded(reference: "r")])
                == ["create", "fetch", "fetch"])
    }

    @Test func failuresAreToldOnceAndTriedLessOften() {
        var drive = Drive()
        var told = 0
        var calls = 0
        for _ in 0..<6_000 {
            guard let call = drive.call(after: Milliseconds(10)) else { continue }
            calls += 1
            if case .unreachable = drive.driver.resolve(
                call.id, Self.silence, in: drive.inventory, at: drive.now)
            {
                told += 1
            }
        }
        #expect(told == 1)
        #expect(28...34 ~= calls)
    }
}
