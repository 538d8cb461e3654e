// Strong types for every number that means something (house rule 7).

/// A Raft term: a leader's reign. Zero is "before the first election" (Raft paper, §5.1).
@usableFromInline package struct Term: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: UInt64
    @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable package static var zero: Term { Term(0) }
    @inlinable package static func < (a: Term, b: Term) -> Bool { a.rawValue < b.rawValue }
    @inlinable package var next: Term { Term(rawValue + 1) }
}

/// A position in the replicated log. The first entry is 1; zero is "before the first".
@usableFromInline package struct LogIndex: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: UInt64
    @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable package static var zero: LogIndex { LogIndex(0) }
    @inlinable package static func < (a: LogIndex, b: LogIndex) -> Bool { a.rawValue < b.rawValue }
    @inlinable package var next: LogIndex { LogIndex(rawValue + 1) }
    /// The index before this one. Must not be called on zero.
    @inlinable package var previous: LogIndex { LogIndex(rawValue - 1) }
    /// The index `count` entries later; `count` must not be negative.
    @inlinable package func advanced(by count: Int) -> LogIndex {
        LogIndex(rawValue + UInt64(count))
    }
    /// Entries from `start` (inclusive) up to this index (exclusive); `start` must not be larger.
    @inlinable package func distance(from start: LogIndex) -> Int {
        Int(rawValue - start.rawValue)
    }
}

/// A member of the cluster, 1…65,535, unique for the cluster's life. Shown as its decimal digits.
@usableFromInline package struct NodeID: Hashable, Comparable, Sendable, CustomStringConvertible {
    @usableFromInline package var rawValue: UInt16
    @inlinable package init(_ rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable package static func < (a: NodeID, b: NodeID) -> Bool { a.rawValue < b.rawValue }
    @inlinable package var description: String { String(rawValue) }
}

/// One Raft group of a cluster. Zero today; several groups come later.
@usableFromInline package struct GroupID: Hashable, Sendable {
    @usableFromInline package var rawValue: UInt8
    @inlinable package init(_ rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable package static var first: GroupID { GroupID(0) }
}

/// A cluster's random identity, written by `holdfast init`, carried by every frame and file.
@usableFromInline package struct ClusterID: Hashable, Sendable {
    @usableFromInline package var rawValue: UInt128
    @inlinable package init(_ rawValue: UInt128) { self.rawValue = rawValue }

    /// As the configuration writes it: 32 hexadecimal digits.
    package var hex: String { Hex.encode(rawValue) }
}

/// One inventory shard: 0…63, or the system shard (catalog, layouts, membership).
@usableFromInline package struct ShardID: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: UInt8
    @inlinable package init(_ rawValue: UInt8) { self.rawValue = rawValue }
    @inlinable package static var system: ShardID { ShardID(255) }
    @inlinable package static func < (a: ShardID, b: ShardID) -> Bool { a.rawValue < b.rawValue }
    /// Whether this is the system shard rather than one of the inventory's.
    @inlinable package var isSystem: Bool { self == .system }
}

/// A seat's position in its venue's layout order, from 0.
@usableFromInline package struct SeatIndex: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: UInt32
    @inlinable package init(_ rawValue: UInt32) { self.rawValue = rawValue }
    @inlinable package static func < (a: SeatIndex, b: SeatIndex) -> Bool {
        a.rawValue < b.rawValue
    }
}

/// How often a seat, section or event has changed. Versions of a row only rise.
@usableFromInline package struct Revision: Hashable, Comparable, Sendable {
    @usableFromInline package var rawValue: UInt64
    @inlinable package init(_ rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable package static var zero: Revision { Revision(0) }
    @inlinable package static func < (a: Revision, b: Revision) -> Bool { a.rawValue < b.rawValue }
    @inlinable package var next: Revision { Revision(rawValue + 1) }
}
