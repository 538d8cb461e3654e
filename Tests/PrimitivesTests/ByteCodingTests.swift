import Primitives
import Testing

@Test func integersAreLittleEndian() {
    var writer = ByteWriter(capacity: 64)
    writer.u8(0x01)
    writer.u16(0x0203)
    writer.u32(0x0405_0607)
    writer.u64(0x0809_0A0B_0C0D_0E0F)
    writer.i64(-2)
    writer.u128(0x1011_1213_1415_1617_1819_1A1B_1C1D_1E1F)
    let expected: [UInt8] =
        [0x01, 0x03, 0x02, 0x07, 0x06, 0x05, 0x04]
        + [0x0F, 0x0E, 0x0D, 0x0C, 0x0B, 0x0A, 0x09, 0x08]
        + [0xFE] + [UInt8](repeating: 0xFF, count: 7) + (0x10...0x1F).reversed()
    #expect(writer.bytes == expected)
    #expect(writer.count == expected.count)
}

@Test func readerReturnsWhatWriterWrote() throws {
    var writer = ByteWriter()
    writer.u8(.max)
    writer.u16(.max - 1)
    writer.u32(.max - 2)
    writer.u64(.max - 3)
    writer.u128(.max - 4)
    writer.i64(.min)
    writer.varint(300)
    writer.bytes([1, 2, 3])
    writer.bytes([9, 4, 5, 9][1...2])
    writer.string("Reihe 7, Größe")
    writer.raw([6, 7])
    writer.raw([9, 8, 9][1...1])

    var reader = ByteReader(writer.bytes)
    #expect(reader.remaining == writer.count)
    #expect(try reader.u8() == .max)
    #expect(try reader.u16() == .max - 1)
    #expect(try reader.u32() == .max - 2)
    #expect(try reader.u64() == .max - 3)
    #expect(try reader.u128() == .max - 4)
    #expect(try reader.i64() == .min)
    #expect(try reader.varint() == 300)
    #expect(try reader.bytes(max: 3) == [1, 2, 3])
    #expect(try reader.slice(max: 2) == [4, 5])
    #expect(try reader.string(max: 100) == "Reihe 7, Größe")
    #expect(try reader.raw(count: 2) == [6, 7])
    #expect(throws: ByteReaderError.trailingBytes(count: 1)) { try reader.requireEnd() }
    #expect(try reader.rawSlice(count: 1) == [8])
    #expect(reader.remaining == 0)
    try reader.requireEnd()
}

@Test(
    arguments: [
        (0, [0x00]), (1, [0x01]), (127, [0x7F]), (128, [0x80, 0x01]), (300, [0xAC, 0x02]),
        (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 0x01]),
        (1 << 63, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]),
        (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
    ] as [(UInt64, [UInt8])])
func varintHasOneEncoding(value: UInt64, encoding: [UInt8]) throws {
    var writer = ByteWriter()
    writer.varint(value)
    #expect(writer.bytes == encoding)
    var reader = ByteReader(encoding)
    #expect(try reader.varint() == value)
    try reader.requireEnd()
}

@Test func varintsOfEveryWidthComeBack() throws {
    for shift in 0..<64 as Range<UInt64> {
        for value in [1 << shift, 1 << shift - 1, .max >> shift] as [UInt64] {
            var writer = ByteWriter()
            writer.varint(value)
            var reader = ByteReader(writer.bytes)
            #expect(try reader.varint() == value)
            try reader.requireEnd()
        }
    }
}

@Test func patchReplacesFourBytes() {
    var writer = ByteWriter()
    writer.u8(1)
    writer.u32(0)
    writer.u8(2)
    writer.patch(u32: 0x0A0B_0C0D, at: 1)
    #expect(writer.bytes == [1, 0x0D, 0x0C, 0x0B, 0x0A, 2])
    writer.patch(u32: 0, at: 2)
    #expect(writer.bytes == [1, 0x0D, 0, 0, 0, 0])
}

@Test func patchBehindTheEndIsABadProgram() async {
    await #expect(processExitsWith: .failure) {
        var writer = ByteWriter()
        writer.u32(0)
        writer.patch(u32: 1, at: 1)
    }
}

@Test func writerContinuesAndIsReused() {
    var writer = ByteWriter(appendingTo: [1, 2])
    writer.reserve(100)
    writer.u8(3)
    #expect(writer.bytes == [1, 2, 3])
    let room = writer.bytes.capacity
    #expect(room >= 102)
    writer.removeAll()
    #expect(writer.count == 0)
    writer.u8(4)
    #expect(writer.bytes == [4])
    #expect(writer.bytes.capacity == room)
}
