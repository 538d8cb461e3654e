import HTTPProtocol
import Inventory
import NodeCore
import Primitives
import Testing

@testable import API

private let body = Array(#"{"id":"e1"}"#.utf8)
/// HMAC-SHA256 of `1795343730.{"id":"e1"}`, made with Python's hmac: by `whsec_test`, by `other`.
private let ours = "02ac13bf0fc4d8da5e53c2875b605be53439910929ac6a8477dc86730a61980b"
private let others = "7154be19cef4405cebeb7c27760d099aa15a61b543880a02290d9dc874592524"

private func status(
    _ signature: String?, _ content: [UInt8] = body, at now: WallTime = Sample.now,
    provider: String = "simulated"
) throws -> Int {
    var client = Client()
    client.key = nil
    client.now = now
    let headers = signature.map { [("Stripe-Signature", $0)] } ?? []
    let (_, decision) = try client.decode(
        "POST", "/payments/webhooks/\(provider)", headers: headers, body: content)
    switch decision {
    case .submit: return 200
    case .respond(let response): return Int(response.status.rawValue)
    case .metrics: return 0
    }
}

@Test(arguments: [
    ("t=1795343730,v1=\(ours)", 200),
    ("v1=\(ours),t=1795343730", 200),
    ("t=1795343730, v1=\(ours)", 200),
    ("t=1795343730,v1=\(others),v1=\(ours)", 200),
    ("t=1795343730,v1=\(ours),v1=\(others),v0=ff", 200),
    ("t=1795343730,v1=\(others)", 400),
    ("t=1795343730,v1=\(ours.dropLast(2))", 400),
    ("t=1795343730,v1=\(ours.dropLast())", 400),
    ("t=1795343730,v1=\(ours)00", 400),
    ("t=1795343730,v1=", 400),
    ("t=1795343730,v0=\(ours)", 400),
    ("t=1795343731,v1=\(ours)", 400),
    ("t=1795343730,t=1795343730,v1=\(ours)", 400),
    ("t=,v1=\(ours)", 400),
    ("t=1795343730000000000000,v1=\(ours)", 400),
    ("t=9223372036854775807,v1=\(ours)", 400),
    ("t=-1795343730,v1=\(ours)", 400),
    ("v1=\(ours)", 400),
    ("t=1795343730", 400),
    ("", 400),
    (nil, 400),
])
func onlyASignatureOfOursOpensTheDoor(_ signature: String?, _ expected: Int) throws {
    #expect(try status(signature) == expected)
}

@Test func aSignatureCoversTheWholeBody() throws {
    let signature = "t=1795343730,v1=\(ours)"
    #expect(try status(signature, body + [0x20]) == 400)
    #expect(try status(signature, Array(body.dropLast())) == 400)
    #expect(try status(signature, []) == 400)
}

@Test func aSignatureHoldsForFiveMinutesEitherWay() throws {
    let signature = "t=1795343730,v1=\(ours)"
    for (offset, expected) in [
        (300_000, 200), (-300_000, 200), (300_001, 400), (-300_001, 400), (299_999, 200),
    ] as [(Int64, Int)] {
        #expect(try status(signature, at: Sample.now + Milliseconds(offset)) == expected)
    }
}

@Test func aProviderMustBeKnown() throws {
    #expect(try status("t=1795343730,v1=\(ours)", provider: "stripe") == 404)
    #expect(try status("t=1795343730,v1=\(ours)", provider: "Simulated") == 404)
}

@Test func aBadSignatureIsAProblemOfItsHeader() throws {
    var client = Client()
    let refusal = try #require(try client.refusal("POST", "/payments/webhooks/simulated", "{}"))
    #expect(refusal.code == "invalid_field")
    #expect(refusal.blamed == ["Stripe-Signature"])
}

@Test func aNoticeCarriesItsBodyAndRandomBits() throws {
    var client = Client()
    let (_, decision) = try client.decode(
        "POST", "/payments/webhooks/simulated",
        headers: [("Stripe-Signature", "t=1795343730,v1=\(ours)")], body: body)
    guard case .submit(.write(.webhook(let notice))) = decision else {
        Issue.record("\(decision)")
        return
    }
    #expect(notice.provider == "simulated")
    #expect(notice.body == body)
    #expect(notice.bodyHash == SHA256.first128(body))
    #expect(notice.refundBits == client.drawn)
    guard case .unmatched = notice.subject else {
        Issue.record("\(notice.subject)")
        return
    }
}

private func notice(
    object: String = "payment", status: String = "succeeded", attempt: String = Sample.attemptText,
    amount: String = "4500", more: String = ""
) -> [UInt8] {
    let text =
        #"{"id":"evt_9","type":"x","created":1795343730,"data":{"object":"\#(object)","#
        + #""payment_id":"sim_1","attempt_id":"\#(attempt)","status":"\#(status)","#
        + #""amount":\#(amount),"currency":"EUR"\#(more)}}"#
    return Array(text.utf8)
}

@Test(arguments: [
    ("requires_confirmation", ProviderIntent.Status.requiresConfirmation),
    ("processing", .processing), ("succeeded", .succeeded), ("declined", .declined),
    ("cancelled", .cancelled),
])
func aPaymentIsReadByItsStatus(_ word: String, _ status: ProviderIntent.Status) {
    guard case .payment(let attempt, let intent) = SimulatedNotice.subject(of: notice(status: word))
    else {
        Issue.record("\(word)")
        return
    }
    #expect(attempt == Sample.attempt)
    #expect(
        intent
            == ProviderIntent(reference: "sim_1", status: status, amount: 4_500, currency: "EUR"))
}

@Test func aRefundIsReadByOurOwnID() {
    let ids = #","refund_id":"simr_1","holdfast_refund_id":"\#(Sample.refundText)""#
    guard
        case .refund(let refund, let reference) = SimulatedNotice.subject(
            of: notice(object: "refund", more: ids))
    else {
        Issue.record("no refund")
        return
    }
    #expect(refund == Sample.refund)
    #expect(reference == "simr_1")
}

@Test(arguments: [
    [], Array("{}".utf8), Array("not json".utf8), Array("[]".utf8), Array(#"{"data":[]}"#.utf8),
    notice(object: "charge"), notice(status: "won"), notice(attempt: "pay_foreign"),
    notice(attempt: Sample.orderText), notice(amount: "-1"), notice(amount: "1.5"),
    notice(object: "refund"), notice(object: "refund", status: "pending"),
    notice(object: "refund", more: #","refund_id":"r","holdfast_refund_id":"ref_x""#),
    notice() + [0x7D],
])
func whatIsForeignOrUnreadableIsUnmatched(_ body: [UInt8]) {
    guard case .unmatched = SimulatedNotice.subject(of: body) else {
        Issue.record("\(String(decoding: body, as: UTF8.self))")
        return
    }
}
