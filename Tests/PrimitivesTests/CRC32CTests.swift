import Primitives
import Testing

/// RFC 3720, appendix B.4; the register there is printed lowest byte first.
@Test(
    arguments: [
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        ([UInt8](0..<32), 0x46DD_794E),
        ([UInt8](0..<32).reversed(), 0x113F_DB5C),
        (iSCSIReadCommand, 0xD996_3A56),
        ([UInt8]("123456789".utf8), 0xE306_9283),
        ([], 0),
    ] as [([UInt8], UInt32)])
func crcMatchesThePublishedVectors(bytes: [UInt8], expected: UInt32) {
    #expect(CRC32C.checksum(bytes) == expected)
}

private let iSCSIReadCommand: [UInt8] = [
    0x01, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
    0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
]

/// The definition, one bit at a time.
private func bitwiseCRC(_ bytes: [UInt8]) -> UInt32 {
    var register: UInt32 = ~0
    for byte in bytes {
        register ^= UInt32(byte)
        for _ in 0..<8 { register = register >> 1 ^ (register & 1) * 0x82F6_3B78 }
    }
    return ~register
}

@Test func crcMatchesItsDefinitionAtEveryLength() {
    var random = PRNG(seed: 1)
    for count in 0...70 {
        let bytes = (0..<count).map { _ in UInt8(random.next(below: 256)) }
        #expect(CRC32C.checksum(bytes) == bitwiseCRC(bytes), "\(count) bytes")
    }
}

@Test func crcOfPartsIsTheCRCOfTheWhole() {
    let bytes = [UInt8](0..<100)
    let whole = CRC32C.checksum(bytes)
    for cut in 0...bytes.count {
        var crc = CRC32C()
        crc.update(bytes[..<cut])
        crc.update(bytes[cut...])
        #expect(crc.value == whole)

        var continued = CRC32C(seed: CRC32C.checksum(bytes[..<cut]))
        continued.update(Array(bytes[cut...]))
        #expect(continued.value == whole)
    }
}

@Test func crcDependsOnTheSeedAndOnEveryBit() {
    let bytes = [UInt8](0..<33)
    let whole = CRC32C.checksum(bytes)
    var seeded = CRC32C(seed: 7)
    seeded.update(bytes)
    #expect(seeded.value != whole)
    for bit in 0..<(bytes.count * 8) {
        var damaged = bytes
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        #expect(CRC32C.checksum(damaged) != whole)
    }
}
