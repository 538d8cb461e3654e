import HTTPProtocol
import HTTPServer

/// A request of the provider's API, read and checked.
enum ProviderRequest: Hashable {
    case health
    /// Every charge, and their totals.
    case charges
    case chargeTotals
    /// The charge of one attempt, or none.
    case charge(attempt: String)
    case find(attempt: String)
    case create(NewPayment)
    case confirm(payment: String)
    case cancel(payment: String)
    case refund(NewRefund)
}

/// What `POST /v1/payments` asks for.
struct NewPayment: Hashable {
    var attemptID: String
    /// In minor units.
    var amount: Int64
    var currency: String
    var token: String
}

/// What `POST /v1/refunds` asks for.
struct NewRefund: Hashable {
    /// Holdfast's own id of the refund.
    var refundID: String
    var paymentID: String
    /// In minor units.
    var amount: Int64
}

extension ProviderRequest {
    init(_ request: IncomingRequest) throws(ProviderRefusal) {
        let head = request.head
        let path = PathSegments(head.path)
        switch path.count {
        case 1 where path.segment(0, is: "healthz"):
            try Self.require(head, .reading)
            self = .health
        case 1 where path.segment(0, is: "charges"):
            try Self.require(head, .reading)
            self = try Self.charges(head)
        case 2 where path.segment(0, is: "v1") && path.segment(1, is: "payments"):
            if head.method == .post {
                self = .create(try NewPayment(BodyFields(request.body)))
            } else {
                try Self.require(head, .readingOrPosting)
                self = try Self.search(head)
            }
        case 2 where path.segment(0, is: "v1") && path.segment(1, is: "refunds"):
            try Self.require(head, .posting)
            self = .refund(try NewRefund(BodyFields(request.body)))
        case 4 where path.segment(0, is: "v1") && path.segment(1, is: "payments"):
            self = try Self.action(path, head)
        default:
            throw .noSuchResource
        }
    }

    /// `/v1/payments/{id}/confirm` and `/cancel`.
    private static func action(
        _ path: PathSegments, _ head: RequestHead
    ) throws(ProviderRefusal) -> ProviderRequest {
        let isConfirm = path.segment(3, is: "confirm")
        guard isConfirm || path.segment(3, is: "cancel"), let id = try? path.text(2) else {
            throw .noSuchResource
        }
        try require(head, .posting)
        return isConfirm ? .confirm(payment: id) : .cancel(payment: id)
    }

    private static func charges(_ head: RequestHead) throws(ProviderRefusal) -> ProviderRequest {
        let query = try query(head)
        if let attempt = query.attempt { return .charge(attempt: attempt) }
        switch query.include {
        case nil: return .charges
        case "totals": return .chargeTotals
        case _: throw ProviderRefusal(.badRequest, "include must be totals")
        }
    }

    private static func search(_ head: RequestHead) throws(ProviderRefusal) -> ProviderRequest {
        guard let attempt = try query(head).attempt else {
            throw ProviderRefusal(.badRequest, "attempt_id is missing")
        }
        return .find(attempt: attempt)
    }

    private static func query(
        _ head: RequestHead
    ) throws(ProviderRefusal) -> (attempt: String?, include: String?) {
        do throws(QueryError) {
            let query = try QueryParameters(head.query)
            return (try query.value("attempt_id"), try query.value("include"))
        } catch {
            throw ProviderRefusal(.badRequest, "\(error.parameter) \(error.message)")
        }
    }

    private enum Methods: String {
        case reading = "GET, HEAD"
        case posting = "POST"
        case readingOrPosting = "GET, HEAD, POST"

        func contain(_ method: HTTPMethod) -> Bool {
            switch self {
            case .reading: method == .get || method == .head
            case .posting: method == .post
            case .readingOrPosting: method == .get || method == .head || method == .post
            }
        }
    }

    private static func require(
        _ head: RequestHead, _ methods: Methods
    ) throws(ProviderRefusal) {
        guard methods.contain(head.method) else { throw .methodNotAllowed(methods.rawValue) }
    }
}

extension NewPayment {
    fileprivate init(_ body: BodyFields) throws(ProviderRefusal) {
        attemptID = try body.text("attempt_id", bytes: 1...128)
        amount = try body.amount()
        currency = try body.text("currency", bytes: 3...3)
        token = try body.text("token", bytes: 0...128)
    }
}

extension NewRefund {
    fileprivate init(_ body: BodyFields) throws(ProviderRefusal) {
        refundID = try body.text("refund_id", bytes: 1...128)
        paymentID = try body.text("payment_id", bytes: 1...128)
        amount = try body.amount()
    }
}

/// The members of a body; each call names what is wrong with one.
private struct BodyFields {
    private let value: JSONValue

    init(_ body: [UInt8]) throws(ProviderRefusal) {
        do throws(JSONError) {
            value = try JSONValue(parsing: body)
        } catch {
            throw ProviderRefusal(.badRequest, "the body \(error.message)")
        }
    }

    func text(_ name: String, bytes: ClosedRange<Int>) throws(ProviderRefusal) -> String {
        guard let text = value[name]?.text, bytes.contains(text.utf8.count) else {
            throw ProviderRefusal(
                .badRequest,
                "\(name) must be a text of \(bytes.lowerBound) to \(bytes.upperBound) bytes")
        }
        return text
    }

    func amount() throws(ProviderRefusal) -> Int64 {
        guard let amount = value["amount"]?.integer, (0...Self.amountMax).contains(amount) else {
            throw ProviderRefusal(
                .badRequest, "amount must be an integer of 0 to \(Self.amountMax)")
        }
        return amount
    }

    /// In minor units; so that nine million charges can be summed.
    private static let amountMax: Int64 = 1_000_000_000_000
}
