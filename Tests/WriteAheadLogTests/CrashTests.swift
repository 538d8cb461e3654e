import Primitives
import Raft
import Simulation
import Testing
import Wire
@testable import WriteAheadLog

/// Power fails at every operation of a workload; what comes back must be what was reported
/// durable, and of the rest a beginning.
struct CrashTests {
    /// Runs `steps` and answers when the disk has lost its power, or the steps are over.
    private func run(_ workload: inout LogWorkload, steps: Int) throws {
        do {
            for _ in 0..<steps { try workload.step() }
        } catch WALError.disk {
            #expect(workload.log.disk.operations > 0)
        }
    }

    /// Opens the log after a crash and checks it against every state that the crash may leave.
    private func recover(
        _ workload: LogWorkload, crash: inout PRNG
    ) throws -> (log: LogFixture.Log, model: LogModel) {
        var disk = workload.log.disk
        disk.crash(random: &crash)
        var (log, restored) = try LogFixture.open(disk, committed: workload.committed)
        let entries = try log.allEntries()
        let match = workload.possible.first {
            $0.hardState == restored.hardState && $0.entries(after: restored.base.index) == entries
                && $0.last == restored.last
        }
        let model = try #require(match, "base \(restored.base), last \(restored.last)")
        #expect(restored.base == model.position(at: restored.base.index))
        #expect(restored.base.index < workload.cutBelow || restored.base.index == .zero)
        #expect(restored.termRuns == model.termRuns(after: restored.base.index))
        #expect(Array(entries.suffix(restored.tail.count)) == restored.tail)
        let needed = min(restored.last.index, workload.committed)
        #expect(restored.tail.count >= restored.last.index.distance(from: needed))
        return (log, model)
    }

    @Test(arguments: 0..<3)
    func powerLossAtEveryOperationLosesNothingReported(seed: UInt64) throws {
        var whole = LogWorkload(seed: seed, log: try LogFixture.newLog())
        let before = whole.log.disk.operations
        try run(&whole, steps: 100)
        let operations = whole.log.disk.operations - before
        #expect(operations > 60)
        for operation in 1...operations {
            var workload = LogWorkload(
                seed: seed, log: try LogFixture.newLog(losingPowerAfter: operation))
            try run(&workload, steps: 100)
            for crashSeed in 0..<4 {
                var crash = PRNG(seed: UInt64(operation * 4 + crashSeed))
                _ = try recover(workload, crash: &crash)
            }
        }
    }

    @Test(arguments: 0..<80)
    func crashAfterCrashTheLogGoesOn(seed: UInt64) throws {
        var random = PRNG(seed: seed)
        var workload = LogWorkload(seed: seed, log: try LogFixture.newLog())
        for round in 0..<8 {
            try run(&workload, steps: random.next(in: 1...80))
            let (log, model) = try recover(workload, crash: &random)
            var next = LogWorkload(seed: random.next(), log: log, durable: model)
            next.committed = workload.committed
            next.cutBelow = workload.cutBelow
            workload = next
            workload.log.losePower(after: random.next(in: 1...60))
            #expect(workload.newest == model, "round \(round)")
        }
    }

    @Test func powerLossDuringRecoveryIsHarmless() throws {
        var workload = LogWorkload(seed: 3, log: try LogFixture.newLog(losingPowerAfter: 70))
        try run(&workload, steps: 300)
        for crashSeed in UInt64(0)..<30 {
            var crash = PRNG(seed: crashSeed)
            var crashed = workload.log.disk
            crashed.crash(random: &crash)
            for operation in 1...6 {
                var disk = crashed
                disk.faults.losesPowerAt = operation
                let opened = try? LogFixture.Log.open(
                    disk: &disk, directory: LogFixture.directory,
                    identity: LogFixture.identity, options: LogFixture.options,
                    committed: workload.committed)
                var interrupted = workload
                interrupted.log.disk = opened?.log.disk ?? disk
                _ = try recover(interrupted, crash: &crash)
            }
        }
    }

    @Test func powerLossDuringCreationLeavesNoLogOrAWholeOne() throws {
        for operation in 1...7 {
            for crashSeed in UInt64(0)..<20 {
                var faults = SimulatedFaults()
                faults.losesPowerAt = operation
                var disk = SimulatedDisk()
                try disk.makeDirectory("node-1")
                try disk.sync(directory: ".")
                disk.faults = faults
                #expect(throws: WALError.self) {
                    try LogFixture.Log.create(
                        disk: &disk, directory: LogFixture.directory,
                        identity: LogFixture.identity)
                }
                var crash = PRNG(seed: crashSeed)
                disk.crash(random: &crash)
                if (try? LogFixture.open(disk)) == nil {
                    try LogFixture.Log.create(
                        disk: &disk, directory: LogFixture.directory,
                        identity: LogFixture.identity)
                }
                #expect(try LogFixture.open(disk).restored.last == .zero)
            }
        }
    }

    /// A killed process leaves in the page cache what it had not synced. What a start shows to Raft
    /// must be on the medium, because Raft takes it for durable.
    @Test func whatAStartShowsSurvivesThePowerLossAfterIt() throws {
        for seed in UInt64(0)..<20 {
            var log = try LogFixture.newLog()
            log.losePower(after: 2)
            log.append(LogFixture.write(1, term: 2, LogFixture.entries(1...8, term: 2)))
            #expect(throws: WALError.self) { try log.sync() }
            var disk = log.disk
            disk.faults = SimulatedFaults()
            var (reopened, restored) = try LogFixture.open(disk)
            #expect(restored.last.index == LogIndex(8))
            var random = PRNG(seed: seed)
            reopened.disk.crash(random: &random)
            #expect(try LogFixture.open(reopened.disk).restored.last == restored.last)
        }
    }
}
