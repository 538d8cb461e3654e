import HTTPProtocol
import NodeCore

/// What `GET /charges` shows: the money taken and given back, for people and tests to count.
///
///     {"totals":[{"currency":"EUR","count":2,"amount":900,"amount_refunded":450}],
///      "data":[{"payment_id":"pi_…","attempt_id":"pay_…","status":"succeeded",…},…]}
enum ChargeReport {
    /// Totals by currency, and every charge in the order of capture.
    static func everything(_ book: ProviderBook) -> HTTPResponse {
        .json { report in
            write(book.totals, to: &report)
            write(book.charges, to: &report)
        }
    }

    /// Without the charges: quick however many there are.
    static func totals(_ book: ProviderBook) -> HTTPResponse {
        .json { write(book.totals, to: &$0) }
    }

    /// The attempt's charge, or none.
    static func charge(ofAttempt attempt: String, _ book: ProviderBook) -> HTTPResponse {
        let payment = book.payment(ofAttempt: attempt)?.shown
        return .json { report in
            write([payment].compactMap(\.self).filter { $0.status == .succeeded }, to: &report)
        }
    }

    private static func write(
        _ totals: [ProviderBook.Totals], to report: inout JSONObjectWriter
    ) {
        report.array("totals") { array in
            for totals in totals {
                array.object { object in
                    object.field("currency", totals.currency)
                    object.field("count", totals.count)
                    object.field("amount", totals.amount)
                    object.field("amount_refunded", totals.amountRefunded)
                }
            }
        }
    }

    private static func write(
        _ charges: some Sequence<ProviderPayment>, to report: inout JSONObjectWriter
    ) {
        report.array("data") { array in
            for charge in charges { array.object { charge.write(to: &$0) } }
        }
    }
}
