import HTTPProtocol
import NodeCore
import Primitives

/// A line of the ledger, for people and tools as JSON:
///
///     {"crc32c":"1f2e3d4c","records":[{"type":"created",…},{"type":"moved",…}]}
///
/// The checksum is that of the array's bytes. Its place is fixed, so that it can be checked before
/// anything is parsed: of a torn line some sectors may be there and others not.
enum LedgerLine {
    private static let head = Array("{\"crc32c\":\"".utf8)
    private static let middle = Array("\",\"records\":".utf8)
    private static let checksumCount = 8

    /// A whole line, with its line feed, of records that have commas between them.
    static func line(of records: [UInt8]) -> [UInt8] {
        let array = [UInt8(ascii: "[")] + records + [UInt8(ascii: "]")]
        return head + checksum(array[...]) + middle + array + Array("}\n".utf8)
    }

    /// The records of a line without its line feed; nil when it is not one that was written whole.
    static func records(in line: ArraySlice<UInt8>) -> [ProviderBook.Record]? {
        let arrayStart = line.startIndex + head.count + checksumCount + middle.count
        guard arrayStart < line.endIndex, line.last == UInt8(ascii: "}") else { return nil }
        let array = line[arrayStart..<line.endIndex - 1]
        guard line[..<arrayStart] == (head + checksum(array) + middle)[...],
            case .array(let values)? = try? JSONValue(parsing: Array(array))
        else { return nil }
        let records = values.compactMap(ProviderBook.Record.init)
        return records.count == values.count ? records : nil
    }

    /// Reads the lines of the file at `path`.
    /// - Returns: where the last sound line ends. Behind it there is at most one bad one.
    static func read(
        _ bytes: [UInt8], of path: String, _ apply: (ProviderBook.Record) -> Void
    ) throws(ProviderError) -> Int {
        var sound = 0
        while let newline = bytes[sound...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = bytes[sound..<newline]
            if !line.allSatisfy({ $0 == UInt8(ascii: " ") }) {
                guard let records = records(in: line) else {
                    guard newline == bytes.count - 1 else { throw .damaged(path, offset: sound) }
                    break
                }
                for record in records { apply(record) }
            }
            sound = newline + 1
        }
        return sound
    }

    private static func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let value = CRC32C.checksum(bytes)
        return Array(Hex.encode(withUnsafeBytes(of: value.bigEndian) { Array($0) }).utf8)
    }
}

extension ProviderBook.Record {
    /// Writes its members, of which the initialiser makes it again.
    func write(to object: inout JSONObjectWriter) {
        switch self {
        case .created(let payment):
            object.field("type", "created")
            payment.shown.write(to: &object)
            object.field("token", payment.token)
            object.field("created_ms", payment.createdAt.rawValue)
        case .moved(let paymentID, let status, let dueAt):
            object.field("type", "moved")
            object.field("payment_id", paymentID)
            object.field("status", status.rawValue)
            object.field("due_ms", dueAt?.rawValue)
        case .refunded(let refund):
            object.field("type", "refunded")
            object.field("refund_id", refund.refundID)
            object.field("refund_reference", refund.reference)
            object.field("payment_id", refund.paymentID)
            object.field("amount", refund.amount)
        }
    }

    /// Nil when a member is missing or means nothing.
    init?(_ value: JSONValue) {
        switch value["type"]?.text {
        case "created":
            guard let shown = ProviderPayment(value), let token = value["token"]?.text,
                let created = value["created_ms"]?.integer
            else { return nil }
            self = .created(
                ProviderBook.Payment(shown: shown, token: token, createdAt: WallTime(created)))
        case "moved":
            guard let id = value["payment_id"]?.text,
                let status = value["status"]?.text.flatMap(ProviderIntent.Status.init(rawValue:))
            else { return nil }
            self = .moved(
                paymentID: id, status, dueAt: value["due_ms"]?.integer.map { WallTime($0) })
        case "refunded":
            guard let id = value["refund_id"]?.text,
                let reference = value["refund_reference"]?.text,
                let payment = value["payment_id"]?.text, let amount = value["amount"]?.integer
            else { return nil }
            self = .refunded(
                ProviderBook.Refund(
                    refundID: id, reference: reference, paymentID: payment, amount: amount))
        default:
            return nil
        }
    }
}
