import NodeCore
import Primitives
import Simulation
import Testing

@testable import Payments

/// Power fails during each operation of the disk in turn, and takes any of what was not synced.
/// Whatever was told before must be so after.
struct PowerLossTests {
    /// What somebody has been told.
    private struct Told {
        var payments: [String: ProviderPayment] = [:]
        var refunds: [String: String] = [:]
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func nothingThatWasToldIsLost(seed: UInt64) throws {
        var random = PRNG(seed: seed)
        let disk = SharedDisk()
        var told = Told()
        // Several lives, each ended by a power failure, on one medium.
        for life in 0..<6 {
            disk.medium.disk.faults = SimulatedFaults()
            disk.medium.disk.faults.losesPowerAt = random.next(in: 1...24)
            do throws(ProviderError) {
                try live(&random, on: disk, &told, from: .at(Int64(life) * 1_000))
            } catch {
                guard case .disk = error else { throw error }
            }
            disk.medium.disk.crash(random: &random)
            try check(told, on: disk.copy)
        }
    }

    private func live(
        _ random: inout PRNG, on disk: SharedDisk, _ told: inout Told, from start: Moment
    ) throws(ProviderError) {
        var provider = try DiskProvider(disk, at: start)
        for step in 1...40 {
            let now = Moment(
                wall: start.wall + Milliseconds(Int64(step)),
                monotonic: start.monotonic + Milliseconds(Int64(step)))
            var touched: [String] = []
            var refunded: [String] = []
            for _ in 0..<random.next(in: 1...4) {
                act(&provider, &random, at: now, &touched, &refunded)
            }
            provider.settleDue(at: now)
            _ = try provider.commit()
            for attempt in touched {
                told.payments[attempt] = provider.book.payment(ofAttempt: attempt)?.shown
            }
            for refund in refunded {
                told.refunds[refund] = provider.book.refund(refund)?.reference
            }
        }
    }

    /// One request of a random kind; refusals are answers too.
    private func act(
        _ provider: inout DiskProvider, _ random: inout PRNG, at now: Moment,
        _ touched: inout [String], _ refunded: inout [String]
    ) {
        let attempt = "pay_\(random.next(in: 0...9))"
        let tokens = ["tok_visa", "tok_declined", "tok_slow_3", "tok_unknown"]
        let token = tokens[random.next(in: 0...tokens.count - 1)]
        let id = provider.book.payment(ofAttempt: attempt)?.shown.paymentID
        touched.append(attempt)
        do throws(ProviderRefusal) {
            switch (id, random.next(in: 0...3)) {
            case (nil, _):
                _ = try provider.create(
                    NewPayment(attemptID: attempt, amount: 700, currency: "EUR", token: token),
                    id: "pi_\(random.next())", at: now)
            case (.some(let id), 0):
                _ = try provider.cancel(id)
            case (.some(let id), 1):
                let refund = "ref_\(random.next(in: 0...9))"
                _ = try provider.refund(
                    NewRefund(refundID: refund, paymentID: id, amount: 100),
                    reference: "re_\(random.next())")
                refunded.append(refund)
            case (.some(let id), _):
                _ = try provider.confirm(id, at: now)
            }
        } catch {
            return
        }
    }

    private func check(_ told: Told, on disk: SharedDisk) throws {
        let provider = try DiskProvider(disk, at: .at(0))
        for (attempt, payment) in told.payments {
            let now = try #require(provider.book.payment(ofAttempt: attempt)?.shown)
            #expect(now.paymentID == payment.paymentID)
            #expect(now.amountRefunded >= payment.amountRefunded)
            if payment.status.isFinal { #expect(now.status == payment.status) }
            if payment.status == .processing { #expect(now.status != .requiresConfirmation) }
        }
        for (refund, reference) in told.refunds {
            #expect(provider.book.refund(refund)?.reference == reference)
        }
        let charged = provider.book.payments.filter { $0.shown.status == .succeeded }
        #expect(provider.book.totals.map(\.count).reduce(0, +) == charged.count)
        for payment in provider.book.payments {
            #expect((0...payment.shown.amount).contains(payment.shown.amountRefunded))
        }
    }
}
