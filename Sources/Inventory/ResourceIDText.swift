import Primitives

// As clients see an id: the kind's prefix, then group, shard and own bits as 18 big-endian bytes in
// Base32, 29 characters. The first four stand for group, shard and the four highest bits, the other
// 25 for the rest and a last bit that is zero.
extension ResourceID {
    private static var highDigits: Int { 4 }
    private static var lowDigits: Int { 25 }

    package var text: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of `text`.
    package func append(to text: inout [UInt8]) {
        let high = UInt128(group.rawValue) << 12 | UInt128(shard.rawValue) << 4 | (bits >> 124)
        var digits: [UInt8] = []
        digits.reserveCapacity(2 * Base32.uint128Length)
        Base32.append(high, to: &digits)
        Base32.append((bits << 4) >> 3, to: &digits)
        Kind.prefix.withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(contentsOf: digits[..<Base32.uint128Length].suffix(Self.highDigits))
        text.append(contentsOf: digits.suffix(Self.lowDigits))
    }

    /// The id that `text` writes so; nil for any other text.
    package init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ Self(utf8: $0) }) else { return nil }
        self = id
    }

    /// The id that `text` writes so, in UTF-8; nil for any other bytes.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        let prefixCount = Kind.prefix.utf8CodeUnitCount
        guard text.count == prefixCount + Self.highDigits + Self.lowDigits,
            Kind.prefix.withUTF8Buffer({ $0.elementsEqual(text[..<prefixCount]) }),
            let high = Self.number(text[prefixCount...].prefix(Self.highDigits)),
            let low = Self.number(text.suffix(Self.lowDigits)), low & 1 == 0
        else { return nil }
        self.init(
            group: GroupID(UInt8(high >> 12)),
            shard: ShardID(UInt8(truncatingIfNeeded: high >> 4)),
            bits: high << 124 | low >> 1)
    }

    /// The number that so many last digits of a Base32 number stand for.
    private static func number(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> UInt128? {
        var all = [UInt8](repeating: UInt8(ascii: "0"), count: Base32.uint128Length - digits.count)
        all.append(contentsOf: digits)
        return Base32.decodeUInt128(all)
    }
}

extension ResourceID: Comparable {
    /// The order of the texts of one kind.
    package static func < (a: Self, b: Self) -> Bool {
        if a.group != b.group { return a.group.rawValue < b.group.rawValue }
        return a.shard == b.shard ? a.bits < b.bits : a.shard < b.shard
    }
}

extension ResourceID where Kind == VenueKind {
    /// The venue that this owner creates with this idempotency key, however often.
    package static func derived(owner: String, key: String) -> VenueID {
        VenueID(shard: .system, bits: KeyHash.of(.venue, owner, key))
    }
}

extension ResourceID where Kind == EventKind {
    /// The event that this owner creates with this idempotency key, however often. `shardCount`
    /// is the cluster's, fixed for its life.
    package static func derived(owner: String, key: String, shardCount: Int) -> EventID {
        let bits = KeyHash.of(.event, owner, key)
        var hash = StableHash(seed: 0x5A)
        hash.combine(bits)
        return EventID(shard: ShardID(UInt8(hash.value % UInt64(shardCount))), bits: bits)
    }
}
