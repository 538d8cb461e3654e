import HTTPProtocol
import Primitives
import SystemIO
import Testing

@testable import Payments

/// Which of the provider's doings the nodes hear of, and that hearing never holds up paying.
struct ProviderWebhookTests {
    private let directory: TemporaryDirectory
    private let node: StubServer
    private let nodeLoop: EventLoop
    private let provider: ProviderFixture

    init() throws {
        directory = try TemporaryDirectory()
        nodeLoop = try makeLoop()
        node = try StubServer(loop: nodeLoop) { _ in .json(.ok, "") }
        provider = try ProviderFixture(in: directory, webhookURLs: [try node.webhookURL()])
    }

    /// Runs both loops until the node has heard so many events.
    private func hear(_ count: Int) throws {
        try provider.turn {
            nodeLoop.turn(waitingAtMost: .zero)
            return node.requests.count >= count
        }
    }

    private var types: [String?] { node.requests.map { $0.json?["type"]?.text } }

    @Test func everySettlementAndRefundIsTold() throws {
        let paid = try provider.createID("pay_1", amount: 700)
        _ = try provider.confirm(paid)
        try hear(1)
        _ = try provider.confirm(try provider.createID("pay_2", token: "tok_declined"))
        try hear(2)
        _ = try provider.cancel(try provider.createID("pay_3"))
        try hear(3)
        _ = try provider.refund("ref_1", of: paid, amount: 700)
        try hear(4)
        _ = try provider.confirm(try provider.createID("pay_4", token: "tok_slow_20"))
        try hear(5)
        #expect(
            types == [
                "payment.succeeded", "payment.declined", "payment.cancelled", "refund.succeeded",
                "payment.succeeded",
            ])
        #expect(node.requests[0].json?["data"]?["attempt_id"]?.text == "pay_1")
        #expect(node.requests[4].json?["data"]?["attempt_id"]?.text == "pay_4")
    }

    /// Only the reconciler's poll settles it.
    @Test func anUnheardSuccessIsNotTold() throws {
        _ = try provider.confirm(try provider.createID("pay_1", token: "tok_unknown"))
        _ = try provider.fetch("pay_1")
        _ = try provider.confirm(try provider.createID("pay_2"))
        try hear(1)
        #expect(node.requests.map { $0.json?["data"]?["attempt_id"]?.text } == ["pay_2"])
    }

    @Test func repeatingIsNotNews() throws {
        let id = try provider.createID("pay_1")
        for _ in 0..<3 { _ = try provider.confirm(id) }
        _ = try provider.cancel(id)
        for _ in 0..<3 { _ = try provider.refund("ref_1", of: id, amount: 1) }
        _ = try provider.confirm(try provider.createID("pay_2"))
        try hear(3)
        #expect(types == ["payment.succeeded", "refund.succeeded", "payment.succeeded"])
    }

    /// The node's loop stands still: it takes connections and never answers.
    @Test func aNodeThatHangsDoesNotHoldUpPayments() throws {
        for number in 1...50 {
            let id = try provider.createID("pay_\(number)")
            #expect(try provider.confirm(id)["status"]?.text == "succeeded")
        }
        #expect(try provider.charges().count == 50)
        #expect(node.requests.isEmpty)
        try hear(50)
        let heard = node.requests.compactMap { $0.json?["data"]?["attempt_id"]?.text }
        #expect(Set(heard).count == 50)
    }
}
