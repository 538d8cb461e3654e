import NodeCore
import Primitives
import Simulation
import Testing

@testable import Payments

/// The ledger's lines: what a later run makes of them, whole, torn and damaged.
struct LedgerTests {
    private let path = "var/provider/ledger.jsonl"

    /// A ledger of three lines.
    private func disk() throws -> SharedDisk {
        let disk = SharedDisk()
        var provider = try DiskProvider(disk)
        let id = try provider.make("pay_1")
        _ = try provider.commit()
        _ = try provider.confirm(id, at: .at(5))
        _ = try provider.make("pay_\"2\"\n", token: "tok_slow_7\u{1F3AB}")
        _ = try provider.commit()
        _ = try provider.refund(
            NewRefund(refundID: "ref_1", paymentID: id, amount: 400), reference: "re_1")
        _ = try provider.commit()
        return disk
    }

    private func bytes(of disk: SharedDisk) throws -> [UInt8] {
        try #require(disk.medium.disk.contents(of: path))
    }

    private func replace(_ bytes: [UInt8], on disk: SharedDisk) throws {
        try disk.medium.disk.remove(path)
        let file = try disk.medium.disk.open(path, mode: .create)
        try disk.medium.disk.write(file, at: 0, bytes)
    }

    @Test func aLaterRunKnowsWhatAnEarlierOneDid() throws {
        let disk = try disk()
        let provider = try DiskProvider(disk)
        #expect(provider.tornBytes == 0)
        let payments = provider.book.payments
        #expect(payments.map(\.shown.attemptID) == ["pay_1", "pay_\"2\"\n"])
        #expect(payments.map(\.shown.status) == [.succeeded, .requiresConfirmation])
        #expect(payments.map(\.shown.amountRefunded) == [400, 0])
        #expect(payments.map(\.token) == ["tok_visa", "tok_slow_7\u{1F3AB}"])
        #expect(provider.book.refund("ref_1")?.reference == "re_1")
        #expect(
            provider.book.totals == [
                ProviderBook.Totals(currency: "EUR", count: 1, amount: 4_500, amountRefunded: 400)
            ])
    }

    @Test func aLineIsJSONThatToolsCanRead() throws {
        let text = String(decoding: try bytes(of: disk()), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines[3].isEmpty)
        #expect(lines[0].hasPrefix("{\"crc32c\":\""))
        #expect(lines[0].contains("\"records\":[{\"type\":\"created\",\"payment_id\":\"pi_pay_1\""))
    }

    /// Cut anywhere, the file is what its whole lines say, and goes on from there.
    @Test func aTornLastLineIsDropped() throws {
        let whole = try bytes(of: disk())
        let ends = whole.indices.filter { whole[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        let nearEnds = ends.flatMap { [$0 - 1, $0, min($0 + 1, whole.count)] }
        for length in nearEnds + Array(stride(from: 0, to: whole.count, by: 11)) {
            let disk = try disk()
            try replace(Array(whole[..<length]), on: disk)
            let sound = ends.last { $0 <= length } ?? 0
            var provider = try DiskProvider(disk)
            #expect(provider.tornBytes == length - sound)
            #expect(provider.book.payments.count == [0, 1, 2, 2][ends.count { $0 <= length }])
            _ = try provider.make("pay_3")
            _ = try provider.commit()
            let next = try DiskProvider(disk.copy)
            #expect(next.tornBytes == 0)
            #expect(next.book.payments == provider.book.payments)
        }
    }

    /// Sectors reach the medium in any order: a hole of zeros, or of anything, anywhere.
    @Test func aLastLineWithAHoleIsDropped() throws {
        let whole = try bytes(of: disk())
        let last = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
        for start in stride(from: last, to: whole.count - 1, by: 3) {
            var torn = whole
            for offset in start..<min(start + 20, whole.count - 1) { torn[offset] = 0 }
            let disk = try disk()
            try replace(torn, on: disk)
            let provider = try DiskProvider(disk)
            #expect(provider.tornBytes == whole.count - last)
            #expect(provider.book.refund("ref_1") == nil)
            #expect(try DiskProvider(disk.copy).tornBytes == 0)
        }
    }

    /// Blanks that did not reach the end of the torn line are torn themselves.
    @Test func aRepairThatWasCutShortIsRepaired() throws {
        let whole = try bytes(of: disk())
        let last = try #require(whole.dropLast().lastIndex(of: UInt8(ascii: "\n"))) + 1
        for length in [last + 1, last + 30, whole.count - 1, whole.count] {
            var torn = whole
            for offset in last..<length { torn[offset] = UInt8(ascii: " ") }
            let disk = try disk()
            try replace(torn, on: disk)
            #expect(try DiskProvider(disk).book.payments.count == 2)
            #expect(try DiskProvider(disk.copy).tornBytes == 0)
        }
    }

    @Test func damageBeforeTheLastLineStopsTheStart() throws {
        let whole = try bytes(of: disk())
        let first = try #require(whole.firstIndex(of: UInt8(ascii: "\n")))
        for offset in stride(from: 0, to: first, by: 5) {
            let disk = try disk()
            disk.medium.disk.flip(bit: offset * 8 + 1, of: path)
            #expect(throws: ProviderError.damaged(path, offset: 0)) { try DiskProvider(disk) }
        }
    }

    @Test func aFailedWriteOrSyncIsAnErrorAndTellsNothing() throws {
        let disk = try disk()
        var provider = try DiskProvider(disk)
        for operation in 1...2 {
            _ = try provider.make("pay_\(operation + 10)")
            let failing = disk.medium.disk.operations + operation
            disk.medium.disk.faults.failures = [.init(operation: failing, errno: 5)]
            #expect(throws: ProviderError.self) { try provider.commit() }
        }
    }

    @Test func aFullDiskIsAnErrorAndTheNextRunStarts() throws {
        let disk = try disk()
        var provider = try DiskProvider(disk)
        disk.medium.disk.faults.capacityBytes = try bytes(of: disk).count + 50
        _ = try provider.make("pay_3")
        #expect(throws: ProviderError.self) { try provider.commit() }
        disk.medium.disk.faults.capacityBytes = nil
        let next = try DiskProvider(disk.copy)
        #expect(next.tornBytes == 50)
        #expect(next.book.payment(ofAttempt: "pay_3") == nil)
        #expect(next.book.payments.count == 2)
    }

    @Test func nothingToWriteIsNoWrite() throws {
        let disk = try disk()
        var provider = try DiskProvider(disk)
        let before = disk.medium.disk.operations
        _ = try provider.make("pay_1")
        #expect(try provider.commit().isEmpty)
        #expect(disk.medium.disk.operations == before)
    }

    @Test func aTurnIsOneWriteAndOneSync() throws {
        let disk = try disk()
        var provider = try DiskProvider(disk)
        let before = disk.medium.disk.operations
        for attempt in 0..<100 { _ = try provider.make("pay_\(attempt + 10)") }
        _ = try provider.commit()
        #expect(disk.medium.disk.operations == before + 2)
    }
}
