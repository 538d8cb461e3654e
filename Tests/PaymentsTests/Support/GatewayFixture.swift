import HTTPProtocol
import Inventory
import NodeCore
import Payments
import Primitives
import SystemIO

/// A gateway and the calls that a test makes with it.
final class GatewayFixture {
    let loop: EventLoop
    let gateway: SimulatedGateway
    private let turn: () throws -> Void
    private var lastCall: UInt64 = 0
    /// In the order of their arrival.
    private(set) var results: [(call: ProviderCallID, result: ProviderResult)] = []

    init(
        loop: EventLoop, address: SocketAddress, connectionsMax: Int = 256,
        waitingMax: Int = 1_000, timeout: Milliseconds = patience,
        turn: @escaping () throws -> Void
    ) throws {
        self.loop = loop
        self.turn = turn
        guard let host = HTTPHost("\(address)") else { throw NeverHappened() }
        gateway = SimulatedGateway(
            loop: loop, address: address, host: host, connectionsMax: connectionsMax,
            waitingMax: waitingMax, timeout: timeout)
    }

    /// A gateway to a server whose answers the test decides.
    convenience init(to stub: StubServer, loop: EventLoop, timeout: Milliseconds = patience) throws
    {
        try self.init(loop: loop, address: stub.address, timeout: timeout) {
            loop.turn(waitingAtMost: Milliseconds(50))
        }
    }

    @discardableResult
    func start(_ request: ProviderCall.Request) -> ProviderCallID {
        lastCall += 1
        let id = ProviderCallID(lastCall)
        gateway.perform(ProviderCall(id: id, request: request)) { [unowned self] call, result in
            results.append((call, result))
        }
        return id
    }

    func wait(forResults count: Int) throws {
        try PaymentsTests.turn(turn) { results.count >= count }
    }

    func call(_ request: ProviderCall.Request) throws -> ProviderResult {
        let id = start(request)
        try PaymentsTests.turn(turn) { results.contains { $0.call == id } }
        guard let result = results.first(where: { $0.call == id })?.result else {
            throw NeverHappened()
        }
        return result
    }
}

extension ProviderResult {
    var intent: ProviderIntent? {
        guard case .intent(let intent) = self else { return nil }
        return intent
    }

    var refundReference: String? {
        guard case .refunded(let reference) = self else { return nil }
        return reference
    }

    var unknownReason: String? {
        guard case .unknown(let reason) = self else { return nil }
        return reason
    }

    var isAbsent: Bool {
        guard case .absent = self else { return false }
        return true
    }
}

extension AttemptView {
    static func sample(
        _ number: UInt128 = 1, amount: Int64 = 4_500, token: String = "tok_visa",
        reference: String = ""
    ) -> AttemptView {
        AttemptView(
            id: AttemptID(shard: ShardID(3), bits: number),
            order: OrderID(shard: ShardID(3), bits: number),
            hold: HoldID(shard: ShardID(3), bits: number), status: .pending, token: token,
            provider: "simulated", amount: amount, currency: "EUR", deadline: .zero,
            reference: reference)
    }

    func with(reference: String) -> AttemptView {
        var view = self
        view.reference = reference
        return view
    }
}

extension RefundView {
    static func sample(of attempt: AttemptView, reference: String, amount: Int64 = 4_500)
        -> RefundView
    {
        RefundView(
            id: RefundID(shard: ShardID(3), bits: attempt.id.bits), attempt: attempt.id,
            provider: "simulated", paymentReference: reference, amount: amount, currency: "EUR",
            status: .due)
    }
}
