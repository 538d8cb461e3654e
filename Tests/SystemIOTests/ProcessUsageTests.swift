import SystemIO
import Testing

@Suite struct ProcessUsageTests {
    @Test func processorTimeGrowsWithWork() {
        let before = ProcessUsage.threadCPUNanoseconds()
        while ProcessUsage.threadCPUNanoseconds() < before + 1_000_000 {}
        #expect(ProcessUsage.processCPUNanoseconds() >= 1_000_000)
    }

    @Test func residentMemoryIsThatOfARunningProcess() throws {
        let bytes = try ProcessUsage.residentBytes()
        #expect(bytes > 1 << 20 && bytes < 1 << 40)
    }

    @Test func theDescriptorLimitIsRaisedToTheMost() throws {
        let limit = try ProcessUsage.raiseDescriptorLimit()
        #expect(limit >= 256)
        #expect(try ProcessUsage.raiseDescriptorLimit() == limit)
    }
}
