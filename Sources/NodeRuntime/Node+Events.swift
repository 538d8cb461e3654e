import Inventory
import NodeCore
import Primitives
import Telemetry

extension Node {
    /// One log line an event, and the metrics that count events.
    func note(_ event: NodeEvent) {
        switch event {
        case .becameLeader(let term):
            log.enter(term)
            metrics.raftLeaderChanges.add()
            log.info("leads")
        case .lostLeadership(let term):
            log.info("leads no more", ["lost_term": .integer(Int64(term.rawValue))])
        case .follows(let leader, let term):
            log.enter(term)
            metrics.raftLeaderChanges.add()
            log.info("follows", ["leader": "\(leader)"])
        case .leaderUnknown(let term):
            log.enter(term)
            log.warn("no leader")
        case .clockDisagrees(let offset):
            log.error(
                "clock differs from the quorum's: this node does not lead",
                ["offset_ms": .integer(offset.rawValue)])
        case .clockAgrees:
            log.info("clock agrees with the quorum's again")
        case .logStalled(let span):
            log.error(
                "log stalls: this node does not lead", ["stalled_ms": .integer(span.rawValue)])
        case .logRecovered:
            log.info("log makes progress again")
        case .stateDisputed(let index):
            log.error(
                "members' states differ and no majority agrees: nobody leads",
                ["index": .integer(Int64(index.rawValue))])
        case .clockStepped(let step):
            log.warn("clock stepped", ["step_ms": .integer(step.rawValue)])
        case .webhookUnmatched(let provider):
            metrics.webhooksUnmatched.add()
            log.warn("webhook matches nothing of ours", ["provider": "\(provider)"])
        case .paymentSettled(let attempt, let status):
            settled(attempt, status)
        case .paymentMismatched(let attempt, let found):
            mismatched(attempt, found)
        case .refundDue(let refund):
            countRefundsDue()
            log.info("refund due", ["refund_id": "\(refund.text)"])
        case .refundConfirmed(let refund):
            countRefundsDue()
            log.info("refund confirmed", ["refund_id": "\(refund.text)"])
        case .providerUnreachable(let reason):
            log.warn("payment provider gave no usable answer", ["reason": "\(reason)"])
        }
    }

    /// From the ledger, not from events: those may repeat, and a start has none.
    func countRefundsDue() {
        metrics.refundsDue.set(Int64(core.inventory.dueRefunds().count))
    }

    private func mismatched(_ attempt: AttemptID, _ found: ProviderIntent) {
        metrics.paymentMismatches.add()
        let ours = core.inventory.attempt(attempt)
        log.error(
            "the provider has another amount for this payment: it is not confirmed",
            [
                "payment_id": "\(attempt.text)",
                "provider_payment_id": "\(found.reference)",
                "provider_status": "\(found.status.rawValue)",
                "provider_amount": .integer(found.amount),
                "provider_currency": "\(found.currency)",
                "amount": .integer(ours?.amount ?? 0),
                "currency": "\(ours?.currency ?? "")",
            ])
    }

    private func settled(_ attempt: AttemptID, _ status: AttemptStatus) {
        switch status {
        case .succeeded: metrics.paymentAttempts[.succeeded].add()
        case .declined: metrics.paymentAttempts[.declined].add()
        case .cancelled: metrics.paymentAttempts[.cancelled].add()
        case .pending, .cancelling: break
        }
        log.debug("payment settled", ["payment_id": "\(attempt.text)", "status": "\(status)"])
    }
}
