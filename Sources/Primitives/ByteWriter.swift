/// Builds a message: little-endian integers, LEB128 lengths and bytes, one after another. The
/// counterpart of `ByteReader`, operation by operation.
@usableFromInline package struct ByteWriter: Sendable {
    @usableFromInline var storage: [UInt8] = []

    /// An empty writer with room for `capacity` bytes.
    @inlinable package init(capacity: Int = 0) {
        if capacity > 0 { storage.reserveCapacity(capacity) }
    }

    /// Writes behind what `bytes` already holds, into the room it already has.
    @inlinable package init(appendingTo bytes: consuming [UInt8]) { storage = bytes }

    /// What has been written.
    @inlinable package var bytes: [UInt8] { storage }
    @inlinable package var count: Int { storage.count }

    /// Makes room for `count` bytes more than are written now. For one large message; called again
    /// and again it would defeat the array's own doubling.
    @inlinable package mutating func reserve(_ count: Int) {
        storage.reserveCapacity(storage.count + count)
    }

    /// Forgets what was written and keeps the room, for the next message.
    @inlinable package mutating func removeAll() { storage.removeAll(keepingCapacity: true) }

    /// Appends a number at its fixed width, little-endian.
    @inlinable package mutating func u8(_ value: UInt8) { storage.append(value) }
    @inlinable package mutating func u16(_ value: UInt16) { fixed(value) }
    @inlinable package mutating func u32(_ value: UInt32) { fixed(value) }
    @inlinable package mutating func u64(_ value: UInt64) { fixed(value) }
    @inlinable package mutating func u128(_ value: UInt128) { fixed(value) }
    @inlinable package mutating func i64(_ value: Int64) { fixed(value) }

    /// Unsigned LEB128: seven bits a byte, the lowest first, 1 to 10 bytes (DWARF 5, §7.6).
    @inlinable package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            storage.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest &>>= 7
        }
        storage.append(UInt8(truncatingIfNeeded: rest))
    }

    /// The count as a varint, then the bytes.
    @inlinable package mutating func bytes(_ bytes: [UInt8]) {
        varint(UInt64(bytes.count))
        storage.append(contentsOf: bytes)
    }

    /// The count as a varint, then the bytes.
    @inlinable package mutating func bytes(_ bytes: ArraySlice<UInt8>) {
        varint(UInt64(bytes.count))
        storage.append(contentsOf: bytes)
    }

    /// The count of UTF-8 bytes as a varint, then these.
    @inlinable package mutating func string(_ text: String) {
        let utf8 = text.utf8
        varint(UInt64(utf8.count))
        storage.append(contentsOf: utf8)
    }

    /// The bytes alone; the reader must know how many there are.
    @inlinable package mutating func raw(_ bytes: [UInt8]) { storage.append(contentsOf: bytes) }

    /// The bytes alone; the reader must know how many there are.
    @inlinable package mutating func raw(_ bytes: ArraySlice<UInt8>) {
        storage.append(contentsOf: bytes)
    }

    /// Replaces the four bytes at `offset`, which must have been written: for a length or checksum
    /// that is known only after what it describes.
    @inlinable package mutating func patch(u32 value: UInt32, at offset: Int) {
        invariant(
            offset >= 0 && offset <= storage.count - 4, "patch at \(offset) of \(storage.count)")
        storage.withUnsafeMutableBytes {
            $0.storeBytes(of: value.littleEndian, toByteOffset: offset, as: UInt32.self)
        }
    }

    @inlinable mutating func fixed<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { storage.append(contentsOf: $0) }
    }
}
