import Glibc
import SystemIO
import Testing

@Suite struct DescriptorTests {
    @Test func aDescriptorIsClosedWhenItsOwnerLetsGo() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let reading = Descriptor(owning: ends[0])
        do { _ = Descriptor(owning: ends[1]) }
        // The end of the stream: nobody can write any more.
        var byte: UInt8 = 0
        #expect(read(reading.rawValue, &byte, 1) == 0)
    }

    @Test func aReleasedDescriptorStaysOpen() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let reading = Descriptor(owning: ends[0])
        let number = Descriptor(owning: ends[1]).release()
        var byte: UInt8 = 3
        #expect(write(number, &byte, 1) == 1)
        #expect(read(reading.rawValue, &byte, 1) == 1)
        _ = Descriptor(owning: number)
    }
}
