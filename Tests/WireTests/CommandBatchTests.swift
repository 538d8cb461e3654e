import Inventory
import Primitives
import Raft
import Testing
import Wire

private func batch(_ commands: [Command]) -> CommandBatch {
    CommandBatch(stamp: WallTime(1_234_567_890_123), featureLevel: 3, commands: commands)
}

private func error(_ bytes: [UInt8]) -> CommandCodecError? {
    do throws(CommandCodecError) {
        _ = try CommandBatch(decoding: bytes)
        return nil
    } catch { return error }
}

@Test func everyCommandSurvivesItsEncoding() throws {
    for command in CommandSamples.all {
        let bytes = batch([command]).encoded()
        #expect(try CommandBatch(decoding: bytes) == batch([command]))
    }
    let all = batch(CommandSamples.all)
    #expect(try CommandBatch(decoding: all.encoded()) == all)
    #expect(try CommandBatch(decoding: batch([]).encoded()) == batch([]))
}

@Test func aBatcherNeverCountsTooLittle() {
    for command in CommandSamples.all {
        let bytes = batch([command]).encoded().count
        #expect(
            bytes <= CommandBatch.overheadBytesMax + CommandBatch.encodedBytesMax(of: command))
    }
    #expect(batch([]).encoded().count == CommandBatch.overheadBytesMax)
}

@Test func aVenuesPartFitsAnEntry() {
    let part = ImportVenuePart(
        venue: CommandSamples.venue, part: 0, count: 1,
        bytes: [UInt8](repeating: 1, count: ImportVenuePart.bytesMax))
    let bytes = batch([.system(.importVenuePart(part))]).encoded()
    #expect(bytes.count <= Entry.dataBytesMax)
}

@Test func aHoldIsSmall() {
    let hold = HoldSeats(
        event: CommandSamples.id(1), hold: CommandSamples.id(2), user: "user-1234",
        key: "5bbaa50f-db62-4885-8f7a-7ff0aa0cd001", seats: [SeatIndex(70_000), SeatIndex(70_001)],
        ttlSeconds: nil)
    let bytes = batch([.shard(ShardID(5), .hold(hold))]).encoded()
    #expect(bytes.count - CommandBatch.overheadBytesMax == 3 + 32 + 10 + 37 + 7 + 1)
}

@Test func theBytesOfABatchArePinned() {
    let release = Command.shard(
        ShardID(5), .releaseHold(HoldID(shard: ShardID(5), bits: 0x0102)))
    let expected: [UInt8] =
        [1, 3, 0, 0xCB, 0x04, 0xFB, 0x71, 0x1F, 0x01, 0, 0, 20, 0, 5, 2, 1]
        + [UInt8](repeating: 0, count: 14)
    #expect(batch([release]).encoded() == expected)
}

@Test func theStampIsReadAlone() {
    let bytes = batch(CommandSamples.all).encoded()
    #expect(CommandBatch.stamp(of: bytes) == WallTime(1_234_567_890_123))
    #expect(CommandBatch.stamp(of: Array(bytes.prefix(10))) == nil)
    #expect(CommandBatch.stamp(of: [2] + bytes.dropFirst()) == nil)
    #expect(CommandBatch.stamp(of: []) == nil)
}

@Test func whatThisProgramIsTooOldForIsToldApart() {
    var bytes = batch([CommandSamples.all[0]]).encoded()
    bytes[CommandBatch.overheadBytesMax] = 200
    #expect(error(bytes) == .unknownCommand(kind: 200))
    bytes[0] = 2
    #expect(error(bytes) == .unknownVersion(2))
}

@Test func aCommandOfTheWrongShardIsInvalid() {
    var bytes = batch([.shard(ShardID(5), .expireDue(ExpireDue(limit: 1)))]).encoded()
    bytes[CommandBatch.overheadBytesMax + 2] = ShardID.system.rawValue
    #expect(error(bytes) == .invalidValue(kind: 25))
    bytes = batch([.system(.expireDue(ExpireDue(limit: 1)))]).encoded()
    bytes[CommandBatch.overheadBytesMax + 2] = 5
    #expect(error(bytes) == .invalidValue(kind: 4))
}

@Test func truncatedBatchesAreErrorsOrEndBetweenCommands() throws {
    let bytes = batch(CommandSamples.all).encoded()
    var whole = 0
    for length in 0..<bytes.count {
        let start = Array(bytes[..<length])
        if let shorter = try? CommandBatch(decoding: start) {
            whole += 1
            #expect(shorter.commands == Array(CommandSamples.all.prefix(shorter.commands.count)))
        }
    }
    // Entries are checksummed; a batch may only seem whole where a command ends.
    #expect(whole == CommandSamples.all.count)
}

@Test func flippedBitsNeverTrap() {
    var refused = 0
    for command in CommandSamples.all {
        let bytes = batch([command]).encoded()
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            guard let decoded = try? CommandBatch(decoding: damaged) else {
                refused += 1
                continue
            }
            if decoded == batch([command]) { Issue.record("bit \(bit) of \(command)") }
        }
    }
    #expect(refused > 0)
}

@Test func noiseNeverTraps() {
    var random = PRNG(seed: 8)
    for _ in 0..<5_000 {
        var bytes = batch([]).encoded()
        for _ in 0..<random.next(in: 0...80) {
            bytes.append(UInt8(truncatingIfNeeded: random.next() >> random.next(below: 60)))
        }
        if let decoded = try? CommandBatch(decoding: bytes) {
            #expect((try? CommandBatch(decoding: decoded.encoded())) == decoded)
        }
    }
}
