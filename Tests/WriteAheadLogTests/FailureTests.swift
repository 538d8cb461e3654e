import Primitives
import Raft
import Simulation
import Testing
import Wire

@testable import WriteAheadLog

/// A refused write or sync ends the log (Rebello et al., ATC 2020): no retry, no second report.
struct FailureTests {
    typealias Fixture = LogFixture
    private let inputOutputError: Int32 = 5
    private let noSpace: Int32 = 28

    @Test(arguments: [1, 2])
    func afterARefusedWriteOrSyncEveryCallIsRefused(operation: Int) throws {
        var log = try Fixture.newLog()
        try log.commit(Fixture.write(1, [Fixture.entry(1)]))
        log.refuse(after: operation, errno: inputOutputError)
        log.append(Fixture.write(2, [Fixture.entry(2)]))
        let error = #expect(throws: WALError.self) { try log.sync() }
        guard case .disk(let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.errno == inputOutputError)
        let operations = log.disk.operations
        // canonical/raft #320: the same index must not be written again by this process.
        log.append(Fixture.write(3, [Fixture.entry(3)]))
        #expect(throws: WALError.stopped(cause)) { try log.sync() }
        #expect(throws: WALError.stopped(cause)) { try log.appendIdleMarkAnyway() }
        #expect(throws: WALError.stopped(cause)) { try log.prepareSpare() }
        #expect(throws: WALError.stopped(cause)) { try log.cut(below: LogIndex(1)) }
        #expect(throws: WALError.stopped(cause)) { try log.read(from: LogIndex(1), bytesMax: 9) }
        #expect(log.disk.operations == operations, "nothing is tried again")
    }

    /// The kernel drops what it failed to write and reports the failure once: what a later sync
    /// would call durable is not.
    @Test func whatAFailedSyncLostIsNotBelievedAfterARestart() throws {
        for seed in UInt64(0)..<20 {
            var log = try Fixture.newLog()
            try log.commit(Fixture.write(1, [Fixture.entry(1)]))
            log.refuse(after: 2, errno: inputOutputError)
            log.append(Fixture.write(2, [Fixture.entry(2)]))
            #expect(throws: WALError.self) { try log.sync() }
            var disk = log.disk
            var random = PRNG(seed: seed)
            disk.crash(random: &random)
            #expect(try Fixture.open(disk).restored.last.index == LogIndex(1))
        }
    }

    @Test func refusalsDuringARolloverStopTheLogWithoutDamage() throws {
        for operation in 1...7 {
            var log = try Fixture.newLog()
            try log.commit(Fixture.write(1, Fixture.entries(1...10, bytes: 100)))
            log.refuse(after: operation, errno: inputOutputError)
            log.append(Fixture.write(2, Fixture.entries(11...14, bytes: 200)))
            #expect(throws: WALError.self) { try log.sync() }
            var disk = log.disk
            disk.faults = SimulatedFaults()
            let restored = try Fixture.open(disk, committed: LogIndex(10)).restored
            #expect(restored.last.index >= LogIndex(10))
        }
    }

    @Test func aFullDiskRefusesTheSpareButNotTheLog() throws {
        var log = try Fixture.newLog()
        #expect(try log.prepareSpare() == .more)
        log.refuse(after: 1, errno: noSpace)
        guard case .refused(let error) = try log.prepareSpare() else {
            Issue.record("not refused")
            return
        }
        #expect(error.errno == noSpace)
        try log.commit(Fixture.write(1, [Fixture.entry(1)]))
        while try log.prepareSpare() != .ready {}
        #expect(try log.prepareSpare() == .ready)
    }

    @Test func aFullDiskStopsTheLogAndLosesNothingReported() throws {
        var log = try Fixture.newLog()
        log.disk.faults.capacityBytes = 1_500
        var reported: UInt64 = 0
        let error = #expect(throws: WALError.self) {
            for index in UInt64(1)...100 {
                try log.commit(Fixture.write(index, [Fixture.entry(index, bytes: 60)]))
                reported = index
            }
        }
        guard case .disk(let cause) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(cause.errno == noSpace && reported > 3)
        var disk = log.disk
        disk.faults = SimulatedFaults()
        let restored = try Fixture.open(disk, committed: LogIndex(reported)).restored
        #expect(restored.last.index == LogIndex(reported))
    }
}

extension WriteAheadLog {
    /// Without anything pending that would be written first.
    fileprivate mutating func appendIdleMarkAnyway() throws(WALError) {
        try requireRunning()
        try appendIdleMark()
    }
}
