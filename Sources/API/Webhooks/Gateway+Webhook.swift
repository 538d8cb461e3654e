import HTTPProtocol
import Inventory
import NodeCore
import Primitives

extension Gateway {
    /// A provider's message whose signature holds. What it says is not judged here: a message that
    /// can't be read is kept and alerted on, never refused.
    func notice(
        _ exchange: Exchange, _ body: [UInt8], _ now: WallTime, _ random: () -> UInt128
    ) throws(Problem) -> ProviderNotice {
        let provider = exchange.parameter
        guard let secret = configuration.webhookSecrets.first(where: { $0.provider == provider })
        else { throw Problem(.notFound, "There is no payment provider of this name.") }
        guard let header = exchange.head.fields.first("stripe-signature"),
            let signature = WebhookSignature(header),
            signature.verifies(body, secret: secret.secret, at: now)
        else {
            throw .invalid("Stripe-Signature", "is missing, malformed, too old or not ours")
        }
        return ProviderNotice(
            provider: provider, subject: SimulatedNotice.subject(of: body), body: body,
            bodyHash: SHA256.first128(body), refundBits: random())
    }
}
