/// Why bytes are not the message they claim to be.
@usableFromInline package enum ByteReaderError: Error, Hashable, Sendable {
    /// More bytes were needed than remain.
    case truncated(needed: Int, remaining: Int)
    /// A varint that overflows 64 bits, or is longer than its value needs: each value has one
    /// encoding.
    case overlongVarint
    /// A string that isn't UTF-8 (RFC 3629).
    case invalidUTF8
    /// A length prefix above the caller's limit.
    case lengthOverLimit(length: UInt64, limit: Int)
    /// Bytes behind the message's end.
    case trailingBytes(count: Int)
}

extension ByteReaderError: CustomStringConvertible {
    @usableFromInline package var description: String {
        switch self {
        case .truncated(let needed, let remaining):
            "\(needed) bytes are needed where \(remaining) are left"
        case .overlongVarint: "a number is longer than it needs to be"
        case .invalidUTF8: "a text is not UTF-8"
        case .lengthOverLimit(let length, let limit): "a length of \(length) is above \(limit)"
        case .trailingBytes(let count): "\(count) bytes are left over"
        }
    }
}

/// Reads what `ByteWriter` wrote, from bytes that anyone may have sent: whatever they are, the
/// answer is a value or a `ByteReaderError`, never a trap. Nothing is copied until it is asked for.
/// After an error the position is unspecified, and the message is to be refused.
@usableFromInline package struct ByteReader: Sendable {
    @usableFromInline let storage: [UInt8]
    @usableFromInline var position: Int
    @usableFromInline let end: Int

    @inlinable package init(_ bytes: [UInt8]) {
        storage = bytes
        position = 0
        end = bytes.count
    }

    /// Reads only `range` of the bytes, which must lie within them.
    @inlinable package init(_ bytes: [UInt8], range: Range<Int>) {
        invariant(
            range.lowerBound >= 0 && range.upperBound <= bytes.count,
            "\(range) of \(bytes.count) bytes")
        storage = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// Bytes not yet read.
    @inlinable package var remaining: Int { end - position }

    /// The offset of the next byte in the array that the reader was given.
    @inlinable package var offset: Int { position }

    /// The next number of a fixed width, little-endian.
    @inlinable package mutating func u8() throws(ByteReaderError) -> UInt8 { try fixed() }
    @inlinable package mutating func u16() throws(ByteReaderError) -> UInt16 { try fixed() }
    @inlinable package mutating func u32() throws(ByteReaderError) -> UInt32 { try fixed() }
    @inlinable package mutating func u64() throws(ByteReaderError) -> UInt64 { try fixed() }
    @inlinable package mutating func u128() throws(ByteReaderError) -> UInt128 { try fixed() }
    @inlinable package mutating func i64() throws(ByteReaderError) -> Int64 { try fixed() }

    /// Unsigned LEB128 of at most 64 bits, in its shortest form.
    @inlinable package mutating func varint() throws(ByteReaderError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try u8()
            // The tenth byte has room for the 64th bit alone.
            if shift == 63, byte > 1 { throw .overlongVarint }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 {
                if byte == 0, shift > 0 { throw .overlongVarint }
                return value
            }
            shift += 7
        }
    }

    /// A length-prefixed byte string of at most `max` bytes, copied.
    @inlinable package mutating func bytes(max: Int) throws(ByteReaderError) -> [UInt8] {
        Array(try slice(max: max))
    }

    /// A length-prefixed byte string of at most `max` bytes, shared with the reader's array, which
    /// it keeps alive.
    @inlinable package mutating func slice(max: Int) throws(ByteReaderError) -> ArraySlice<UInt8> {
        storage[try take(length(max: max))]
    }

    /// A length-prefixed string of at most `max` UTF-8 bytes.
    @inlinable package mutating func string(max: Int) throws(ByteReaderError) -> String {
        let range = try take(length(max: max))
        do {
            return String(copying: try UTF8Span(validating: storage.span.extracting(range)))
        } catch {
            throw .invalidUTF8
        }
    }

    /// A reader of a length-prefixed message of at most `max` bytes within this one, not copied.
    @inlinable package mutating func reader(max: Int) throws(ByteReaderError) -> ByteReader {
        ByteReader(storage, range: try take(length(max: max)))
    }

    /// The next `count` bytes, copied.
    @inlinable package mutating func raw(count: Int) throws(ByteReaderError) -> [UInt8] {
        Array(storage[try take(count)])
    }

    /// The next `count` bytes, shared with the reader's array, which it keeps alive.
    @inlinable package mutating func rawSlice(
        count: Int
    ) throws(ByteReaderError) -> ArraySlice<UInt8> {
        storage[try take(count)]
    }

    /// Throws unless everything has been read: a message must not hide anything behind its end.
    @inlinable package func requireEnd() throws(ByteReaderError) {
        guard position == end else { throw .trailingBytes(count: remaining) }
    }

    /// A length prefix; it bounds what a peer can make this process allocate.
    @inlinable mutating func length(max: Int) throws(ByteReaderError) -> Int {
        let length = try varint()
        guard length <= UInt64(clamping: max) else {
            throw .lengthOverLimit(length: length, limit: max)
        }
        return Int(length)
    }

    /// Steps over the next `count` bytes and says where they are.
    @inlinable mutating func take(_ count: Int) throws(ByteReaderError) -> Range<Int> {
        guard count >= 0, count <= remaining else {
            throw .truncated(needed: count, remaining: remaining)
        }
        let start = position
        position += count
        return start..<position
    }

    @inlinable mutating func fixed<Value: FixedWidthInteger & BitwiseCopyable>()
        throws(ByteReaderError) -> Value
    {
        let start = try take(MemoryLayout<Value>.size).lowerBound
        return Value(
            littleEndian: storage.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: start, as: Value.self)
            })
    }
}
