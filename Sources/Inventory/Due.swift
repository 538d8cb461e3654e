import Primitives

/// A timer of an event shard. Nothing removes one when its reason is gone: each is checked against
/// the row it names when its time comes.
struct Due: Comparable, Sendable {
    enum Kind: UInt8 {
        /// A held hold's `expiresAt`.
        case holdExpiry
        /// A pending attempt's `deadline`.
        case attemptDeadline
        /// The end of an ended hold's replay window.
        case holdEviction
    }
    var time: WallTime
    var kind: Kind
    /// The hold's or the payment's.
    var number: UInt64
    /// A hold's place in its shard's slab.
    var slot: Int

    /// By what the log decided alone, so that equal shards end things in one order.
    static func < (a: Due, b: Due) -> Bool {
        if a.time != b.time { return a.time < b.time }
        return a.kind == b.kind ? a.number < b.number : a.kind.rawValue < b.kind.rawValue
    }
}
