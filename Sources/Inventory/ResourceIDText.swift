import Primitives

extension ResourceID {
    /// As clients see it: the kind's prefix, then group, shard and own bits as 18 big-endian
    /// bytes in Base32, 29 characters.
    package var text: String {
        var bytes: [UInt8] = [group.rawValue, shard.rawValue]
        bytes.reserveCapacity(18)
        withUnsafeBytes(of: bits.bigEndian) { bytes.append(contentsOf: $0) }
        return "\(Kind.prefix)" + Base32.encode(bytes)
    }

    /// The id that `text` writes so; nil for any other text.
    package init?(_ text: some StringProtocol) {
        let prefixCount = Kind.prefix.utf8CodeUnitCount
        let text = text.utf8
        guard text.count == prefixCount + 29,
            Kind.prefix.withUTF8Buffer({ text.prefix(prefixCount).elementsEqual($0) }),
            let bytes = Base32.decode(text.dropFirst(prefixCount)), bytes.count == 18
        else { return nil }
        let bits = bytes[2...].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        self.init(group: GroupID(bytes[0]), shard: ShardID(bytes[1]), bits: bits)
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
