import Inventory
import Primitives
import Wire

/// What entries of the log hold: batches of commands, and in them the parts of layouts.
enum CommandProperties {
    static func check(_ input: [UInt8]) throws(BrokenProperty) -> Verdict {
        let isLayout = try checkLayout(input)
        guard let batch = try? CommandBatch(decoding: input) else {
            return isLayout ? .accepted : .refused
        }
        let size = batch.commands.reduce(CommandBatch.overheadBytesMax) {
            $0 + CommandBatch.encodedBytesMax(of: $1)
        }
        try require(input.count <= size, "a batcher counts no less than a batch has")
        try require(batch.encoded() == input, "a batch has one encoding")
        try require(CommandBatch.stamp(of: input) == batch.stamp, "its stamp is found alone")
        for case .system(.importVenuePart(let part)) in batch.commands {
            _ = try checkLayout(part.bytes)
        }
        return .accepted
    }

    private static func checkLayout(_ bytes: [UInt8]) throws(BrokenProperty) -> Bool {
        guard let layout = try? LayoutCodec.decode(bytes) else { return false }
        try require(LayoutCodec.encode(layout.sections) == bytes, "a layout has one encoding")
        try require(layout.seatCount <= Layout.seatCountMax, "seats keep to their limit")
        guard (try? Layout.validate(layout.sections)) != nil else { return true }
        for seat in 0..<UInt32(min(layout.seatCount, 300)) {
            let name = layout.seatName(SeatIndex(seat))
            try require(
                layout.index(ofSeat: name) == SeatIndex(seat), "a seat is found by its name")
        }
        return true
    }
}
