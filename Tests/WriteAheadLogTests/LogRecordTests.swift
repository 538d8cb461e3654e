import Primitives
import Raft
import Testing

@testable import WriteAheadLog

struct LogRecordTests {
    private func record(in number: SegmentNumber, of entry: Entry) -> [UInt8] {
        var writer = ByteWriter()
        _ = LogRecord.encode(
            .entry, in: number, seed: LogRecord.seed(of: number), synced: 512, previous: 9,
            into: &writer
        ) { LogRecord.encodeBody(of: entry, into: &$0) }
        return writer.bytes
    }

    private func decode(_ bytes: [UInt8], in number: SegmentNumber) -> LogRecord? {
        LogRecord.decode(bytes, at: 0, in: number, seed: LogRecord.seed(of: number))
    }

    @Test(arguments: 0..<40)
    func recordsRoundTripAndAreAligned(dataBytes: Int) throws {
        let entry = LogFixture.entry(7, term: 3, bytes: dataBytes)
        let bytes = record(in: SegmentNumber(5), of: entry)
        #expect(bytes.count % 8 == 0 && bytes.count == LogRecord.entryBytes(data: dataBytes))
        let record = try #require(decode(bytes, in: SegmentNumber(5)))
        #expect(record.synced == 512 && record.previous == 9 && record.end == bytes.count)
        let head = try #require(record.entryHead(in: bytes))
        #expect(head.position == entry.position && head.kind == entry.kind)
        #expect(Array(bytes[head.data]) == entry.data)
        #expect(LogRecord.mayStart(at: 0, of: bytes))
    }

    /// The head holds the number's low bits only; the checksum's seed holds all of it.
    @Test func aRecordPassesInItsOwnSegmentOnly() {
        let bytes = record(in: SegmentNumber(5), of: LogFixture.entry(7))
        for other in [4, 6, 5 + 1 << 16, 5 + 1 << 40] as [UInt64] {
            #expect(decode(bytes, in: SegmentNumber(other)) == nil)
        }
    }

    @Test func everyTruncationAndFlippedBitIsRefused() {
        let bytes = record(in: SegmentNumber(5), of: LogFixture.entry(7))
        for count in 0..<bytes.count {
            #expect(decode(Array(bytes[..<count]), in: SegmentNumber(5)) == nil)
        }
        for bit in 0..<bytes.count * 8 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(decode(flipped, in: SegmentNumber(5)) == nil)
        }
    }

    @Test func fileNamesAreNumbersInTwentyDigits() {
        for number in [1, 42, UInt64.max] {
            let name = SegmentNumber(number).fileName
            #expect(name.utf8.count == 24 && SegmentNumber(fileName: name)?.rawValue == number)
        }
        #expect(SegmentNumber(fileName: "1.wal") == nil)
        #expect(SegmentNumber(fileName: "+0000000000000000001.wal") == nil)
    }
}
