import HTTPProtocol
import NodeCore
import Primitives

/// The book on disk: one JSON object a line, synced before any of it is told to anybody. A last
/// line that a crash cut short was never told, and is dropped.
struct ProviderLedger<Store: Disk> {
    private var disk: Store
    private let file: FileHandle
    private var end: Int
    private var pending: [UInt8] = []

    /// Opens or makes `directory/ledger.jsonl` and reads it.
    init(
        disk: consuming Store, directory: String, reading apply: (ProviderBook.Record) -> Void
    ) throws(ProviderError) {
        do throws(DiskError) {
            let name = "ledger.jsonl"
            let path = "\(directory)/\(name)"
            try disk.makeDirectory(directory)
            let exists = try disk.list(directory: directory).contains(name)
            file = try disk.open(path, mode: exists ? .existing : .create)
            if !exists { try disk.sync(directory: directory) }
            let bytes = try disk.read(file, at: 0, count: try disk.size(file))
            end = try Self.read(bytes, apply)
            if end < bytes.count {
                // Blanks instead of the torn line: readers of lines skip them.
                let blanks = [UInt8](repeating: UInt8(ascii: " "), count: bytes.count - end - 1)
                try disk.write(file, at: end, blanks + [UInt8(ascii: "\n")])
                try disk.sync(file)
                end = bytes.count
            }
            self.disk = disk
        } catch {
            throw .ledger("\(error)")
        }
    }

    /// Queues a record for the next `commit`.
    mutating func append(_ record: ProviderBook.Record) {
        pending.appendJSONObject { record.write(to: &$0) }
        pending.append(UInt8(ascii: "\n"))
    }

    /// Makes what was queued durable.
    mutating func commit() throws(ProviderError) {
        guard !pending.isEmpty else { return }
        do throws(DiskError) {
            try disk.write(file, at: end, pending)
            try disk.sync(file)
        } catch {
            throw .ledger("\(error)")
        }
        end += pending.count
        pending.removeAll(keepingCapacity: true)
    }

    /// - Returns: where the last whole line ends.
    private static func read(
        _ bytes: [UInt8], _ apply: (ProviderBook.Record) -> Void
    ) throws(DiskError) -> Int {
        var start = 0
        while let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = [UInt8](bytes[start..<newline])
            start = newline + 1
            if line.allSatisfy({ $0 == UInt8(ascii: " ") }) { continue }
            guard let value = JSONValue(parsing: line), let record = ProviderBook.Record(value)
            else {
                throw DiskError(
                    operation: "read line ending at \(newline) of", path: "ledger", errno: 0)
            }
            apply(record)
        }
        return start
    }
}

/// Why the provider can't run.
package enum ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
    case ledger(String)
    case system(String)

    package var description: String {
        switch self {
        case .ledger(let reason): "the provider's ledger: \(reason)"
        case .system(let reason): reason
        }
    }
}

extension ProviderBook.Record {
    func write(to object: inout JSONObjectWriter) {
        switch self {
        case .created(let payment, let token):
            object.field("type", "created")
            payment.shown.write(to: &object)
            object.field("token", token)
            object.field("created_ms", payment.createdAt.rawValue)
        case .moved(let paymentID, let status, let dueAt):
            object.field("type", "moved")
            object.field("payment_id", paymentID)
            object.field("status", status.word)
            object.field("due_ms", dueAt?.rawValue)
        case .refunded(let refund):
            object.field("type", "refunded")
            object.field("refund_id", refund.refundID)
            object.field("refund_reference", refund.reference)
            object.field("payment_id", refund.paymentID)
            object.field("amount", refund.amount)
        }
    }

    init?(_ value: JSONValue) {
        switch value["type"]?.text {
        case "created":
            guard let shown = ProviderPayment(value), let token = value["token"]?.text,
                let created = value["created_ms"]?.integer
            else { return nil }
            self = .created(
                ProviderBook.Payment(
                    shown: shown, token: PaymentToken(token), createdAt: WallTime(created)),
                tokenText: token)
        case "moved":
            guard let id = value["payment_id"]?.text,
                let status = value["status"]?.text.flatMap(ProviderIntent.Status.init(word:))
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
