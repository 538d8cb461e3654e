import Inventory
import NodeCore
import Primitives

/// `next_cursor`: the position of a page's last event, opaque to clients.
enum EventCursor {
    /// Names the form, so that another one can follow.
    private static let version: UInt8 = 1

    static func text(_ position: EventPosition) -> String {
        var writer = ByteWriter(capacity: 27)
        writer.u8(version)
        writer.i64(position.startsAt.rawValue)
        writer.u8(position.event.group.rawValue)
        writer.u8(position.event.shard.rawValue)
        writer.u128(position.event.bits)
        return Base32.encode(writer.bytes)
    }

    /// The position that `text(_:)` writes so; nil for any other text.
    static func position(_ text: String) -> EventPosition? {
        guard let bytes = Base32.decode(text.utf8) else { return nil }
        var reader = ByteReader(bytes)
        do {
            guard try reader.u8() == version else { return nil }
            let startsAt = WallTime(try reader.i64())
            let (group, shard) = (GroupID(try reader.u8()), ShardID(try reader.u8()))
            let event = EventID(group: group, shard: shard, bits: try reader.u128())
            try reader.requireEnd()
            return EventPosition(startsAt: startsAt, event: event)
        } catch {
            return nil
        }
    }
}
