import Primitives
import Simulation
import Testing

/// The disk must be able to do every harm that the log is tested against, and no other.
struct SimulatedDiskTests {
    private let sectorBytes = SimulatedDisk.sectorBytes

    /// What crashes from many seeds leave of a file.
    private func outcomes(of disk: SimulatedDisk, path: String) -> Set<[UInt8]?> {
        Set(
            (UInt64(0)..<200).map { seed in
                var crashed = disk
                var random = PRNG(seed: seed)
                crashed.crash(random: &random)
                return crashed.contents(of: path)
            })
    }

    private func diskWithFile(_ bytes: [UInt8]) throws -> (SimulatedDisk, FileHandle) {
        var disk = SimulatedDisk()
        let file = try disk.open("a", mode: .create)
        try disk.write(file, at: 0, bytes)
        try disk.sync(file)
        try disk.sync(directory: ".")
        return (disk, file)
    }

    @Test func whatWasSyncedSurvivesEveryCrash() throws {
        let bytes = [UInt8](repeating: 7, count: 1_000)
        let (disk, _) = try diskWithFile(bytes)
        #expect(outcomes(of: disk, path: "a") == [bytes])
    }

    @Test func unsyncedSectorsAreLostKeptAndReorderedButNeverMixed() throws {
        let old = [UInt8](repeating: 1, count: 3 * sectorBytes)
        var (disk, file) = try diskWithFile(old)
        try disk.write(file, at: 0, [UInt8](repeating: 2, count: 3 * sectorBytes))
        let outcomes = outcomes(of: disk, path: "a")
        #expect(outcomes.count == 8, "each of three sectors is old or new")
        for case let bytes? in outcomes {
            for sector in 0..<3 {
                let content = Set(bytes[sector * sectorBytes..<(sector + 1) * sectorBytes])
                #expect(content == [1] || content == [2])
            }
        }
    }

    @Test func readsSeeWhatIsNotYetDurable() throws {
        var (disk, file) = try diskWithFile([1, 2, 3])
        try disk.write(file, at: 2, [9, 9])
        #expect(try disk.read(file, at: 1, count: 10) == [2, 9, 9])
        #expect(try disk.size(file) == 4)
        #expect(try disk.read(file, at: 4, count: 1) == [])
    }

    @Test func namesAreLostUntilTheirDirectoryIsSynced() throws {
        var disk = SimulatedDisk()
        let file = try disk.open("a", mode: .create)
        try disk.write(file, at: 0, [1])
        try disk.sync(file)
        #expect(outcomes(of: disk, path: "a") == [nil, [1]])
        try disk.sync(directory: ".")
        try disk.rename("a", to: "b")
        #expect(outcomes(of: disk, path: "a") == [nil, [1]])
        #expect(outcomes(of: disk, path: "b") == [nil, [1]])
        try disk.sync(directory: ".")
        #expect(outcomes(of: disk, path: "b") == [[1]])
        try disk.remove("b")
        #expect(outcomes(of: disk, path: "b") == [nil, [1]])
    }

    @Test func filesVanishWithADirectoryThatWasNeverSynced() throws {
        var disk = SimulatedDisk()
        try disk.makeDirectory("x/y")
        try disk.sync(directory: "x")
        let file = try disk.open("x/y/a", mode: .create)
        try disk.sync(file)
        try disk.sync(directory: "x/y")
        #expect(outcomes(of: disk, path: "x/y/a") == [nil, []])
        try disk.sync(directory: ".")
        #expect(outcomes(of: disk, path: "x/y/a") == [[]])
    }

    @Test func aFailedSyncLosesTheDataAndTheNextOneSucceeds() throws {
        var (disk, file) = try diskWithFile([1])
        try disk.write(file, at: 0, [2])
        disk.faults.failures = [
            SimulatedFaults.Failure(operation: disk.operations + 1, errno: 5)
        ]
        #expect(throws: DiskError(operation: "sync", path: "a", errno: 5)) { try disk.sync(file) }
        try disk.sync(file)
        #expect(try disk.read(file, at: 0, count: 1) == [2])
        #expect(outcomes(of: disk, path: "a") == [[1]])
    }

    @Test func aFullDiskCutsTheWriteShort() throws {
        var (disk, file) = try diskWithFile([1, 1])
        disk.faults.capacityBytes = 5
        #expect(throws: DiskError(operation: "write", path: "a", errno: 28)) {
            try disk.write(file, at: 1, [2, 2, 2, 2, 2, 2])
        }
        #expect(disk.contents(of: "a") == [1, 2, 2, 2, 2])
        try disk.write(file, at: 0, [3, 3])
    }

    @Test func afterPowerLossNothingWorksUntilTheCrash() throws {
        var (disk, file) = try diskWithFile([1])
        disk.faults.losesPowerAt = disk.operations + 1
        #expect(throws: DiskError.self) { try disk.write(file, at: 0, [2]) }
        #expect(throws: DiskError.self) { try disk.sync(file) }
        #expect(outcomes(of: disk, path: "a") == [[1], [2]])
        var random = PRNG(seed: 1)
        disk.crash(random: &random)
        try disk.sync(try disk.open("a", mode: .existing))
    }

    @Test func missingAndExistingFilesAreErrors() throws {
        var (disk, _) = try diskWithFile([1])
        #expect(throws: DiskError.self) { try disk.open("a", mode: .create) }
        #expect(throws: DiskError.self) { try disk.open("b", mode: .existing) }
        #expect(throws: DiskError.self) { try disk.open("no/b", mode: .create) }
        #expect(throws: DiskError.self) { try disk.remove("b") }
        #expect(throws: DiskError.self) { try disk.list(directory: "no") }
        #expect(try disk.list(directory: ".") == ["a"])
    }

    @Test func oneSeedMakesOneCrash() throws {
        var (disk, file) = try diskWithFile([UInt8](repeating: 1, count: 9_000))
        try disk.write(file, at: 100, [UInt8](repeating: 2, count: 8_000))
        var first = disk
        var second = disk
        var random = PRNG(seed: 9)
        var same = PRNG(seed: 9)
        first.crash(random: &random)
        second.crash(random: &same)
        #expect(first.contents(of: "a") == second.contents(of: "a"))
    }
}
