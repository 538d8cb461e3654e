import Inventory
import Primitives
import Raft

/// Reads the fields of commands; each error says what was wrong.
struct CommandFields {
    /// Of a text or byte string: whatever fits an entry. Nothing is copied before it is there.
    private static let bytesMax = Entry.dataBytesMax

    private var reader: ByteReader
    /// The kind of the command being read, for messages.
    var kind: UInt8 = 0

    /// The fields behind a batch's version, which has to be the one that is known.
    init(batch bytes: [UInt8], version: UInt8) throws(CommandCodecError) {
        reader = ByteReader(bytes)
        let found = try u8()
        guard found == version else { throw .unknownVersion(found) }
    }

    var hasMore: Bool { reader.remaining > 0 }

    mutating func u8() throws(CommandCodecError) -> UInt8 {
        do { return try reader.u8() } catch { throw .bytes(error) }
    }

    mutating func u16() throws(CommandCodecError) -> UInt16 {
        do { return try reader.u16() } catch { throw .bytes(error) }
    }

    mutating func u128() throws(CommandCodecError) -> UInt128 {
        do { return try reader.u128() } catch { throw .bytes(error) }
    }

    mutating func i64() throws(CommandCodecError) -> Int64 {
        do { return try reader.i64() } catch { throw .bytes(error) }
    }

    mutating func time() throws(CommandCodecError) -> WallTime { WallTime(try i64()) }

    mutating func text() throws(CommandCodecError) -> String {
        do { return try reader.string(max: Self.bytesMax) } catch { throw .bytes(error) }
    }

    mutating func blob() throws(CommandCodecError) -> [UInt8] {
        do { return try reader.bytes(max: Self.bytesMax) } catch { throw .bytes(error) }
    }

    private mutating func varint() throws(CommandCodecError) -> UInt64 {
        do { return try reader.varint() } catch { throw .bytes(error) }
    }

    mutating func varint32() throws(CommandCodecError) -> UInt32 {
        guard let value = UInt32(exactly: try varint()) else { throw invalid() }
        return value
    }

    /// Nil as zero, anything else as one more.
    mutating func optional32() throws(CommandCodecError) -> UInt32? {
        let value = try varint()
        guard value > 0 else { return nil }
        guard let value = UInt32(exactly: value - 1) else { throw invalid() }
        return value
    }

    mutating func seats() throws(CommandCodecError) -> [SeatIndex] {
        let count = Int(try varint32())
        // A seat takes a byte at least: no more room is made than the bytes can fill.
        guard count <= reader.remaining else {
            throw .bytes(.truncated(needed: count, remaining: reader.remaining))
        }
        var seats: [SeatIndex] = []
        seats.reserveCapacity(count)
        for _ in 0..<count { seats.append(SeatIndex(try varint32())) }
        return seats
    }

    /// An id whose group and shard the command names.
    mutating func id<Kind>(
        _ place: CommandPlace
    ) throws(CommandCodecError) -> ResourceID<Kind> {
        ResourceID(group: place.group, shard: place.shard, bits: try u128())
    }

    mutating func value<Value: RawRepresentable<UInt8>>() throws(CommandCodecError) -> Value {
        guard let value = Value(rawValue: try u8()) else { throw invalid() }
        return value
    }

    func invalid() -> CommandCodecError { .invalidValue(kind: kind) }
}

/// The group and shard of a command and of every id in it.
struct CommandPlace: Hashable {
    var group: GroupID
    var shard: ShardID
}

extension ByteWriter {
    mutating func optional32(_ value: UInt32?) { varint(value.map { UInt64($0) + 1 } ?? 0) }

    mutating func seats(_ seats: [SeatIndex]) {
        varint(UInt64(seats.count))
        for seat in seats { varint(UInt64(seat.rawValue)) }
    }

    mutating func id<Kind>(_ id: ResourceID<Kind>, _ place: CommandPlace) {
        invariant(
            id.group == place.group && id.shard == place.shard,
            "INV-46: an id of shard \(id.shard) in a command of shard \(place.shard)")
        u128(id.bits)
    }
}
