import HTTPProtocol

/// What a buyer is told, in the terms that decide what to do next.
enum SaleAnswer: Hashable, Sendable {
    case hold(HoldReceipt)
    case order(OrderReceipt)
    /// 204.
    case done
    /// A problem document.
    case problem(status: UInt16, code: String)
    /// Not what the contract says.
    case unreadable(status: UInt16)

    /// Which document a success carries.
    enum Form: Hashable, Sendable {
        case hold
        case order
    }

    init(_ status: UInt16, _ body: [UInt8], _ form: Form, _ stadium: Stadium) {
        do {
            switch (status, form) {
            case (204, _): self = .done
            case (200, .hold), (201, .hold): self = .hold(try HoldReceipt(body, stadium))
            case (200, .order), (202, .order): self = .order(try OrderReceipt(body, stadium))
            case (400..., _):
                let code = try JSONValue(parsing: body)["code"]?.text
                self =
                    code.map { .problem(status: status, code: $0) } ?? .unreadable(status: status)
            default: self = .unreadable(status: status)
            }
        } catch {
            self = .unreadable(status: status)
        }
    }
}
