package import Primitives

/// Why bytes are not a layout.
package enum LayoutCodecError: Error, Hashable, Sendable {
    case bytes(ByteReaderError)
    case unknownVersion(UInt8)
    case unknownRowKind(UInt8)
    /// A row's range ends before it begins.
    case emptyRange
    case tooManySeats
}

/// The stored form of a layout, which its hash is taken of. Version 1, all integers as varints,
/// texts with their length before them: version, section count; a section is id, name, color
/// (empty for none), row count; a row is id and kind, then first and last of a range (kind 0), or
/// count and labels (kind 1).
package enum LayoutCodec {
    private static let version: UInt8 = 1

    private enum RowKind: UInt8 {
        case range = 0
        case labels = 1
    }

    /// The layout's bytes; equal sections have equal bytes, hence equal hashes.
    package static func encode(_ sections: [LayoutSection]) -> [UInt8] {
        var writer = ByteWriter(capacity: 4_096)
        writer.u8(version)
        writer.varint(UInt64(sections.count))
        for section in sections {
            writer.string(section.id)
            writer.string(section.name)
            writer.string(section.color ?? "")
            writer.varint(UInt64(section.rows.count))
            for row in section.rows { encode(row, to: &writer) }
        }
        return writer.bytes
    }

    /// The hash of an encoded layout: its public name.
    package static func hash(ofEncoded bytes: [UInt8]) -> UInt128 { SHA256.first128(bytes) }

    /// The layout of the bytes, of at most `Layout.seatCountMax` seats. Names may still repeat:
    /// that is checked where a request comes in.
    package static func decode(_ bytes: [UInt8]) throws(LayoutCodecError) -> Layout {
        var decoder = Decoder(reader: ByteReader(bytes))
        return Layout(sections: try decoder.sections(), hash: hash(ofEncoded: bytes))
    }

    private static func encode(_ row: LayoutRow, to writer: inout ByteWriter) {
        writer.string(row.id)
        switch row.seats {
        case .range(let first, let last):
            writer.u8(RowKind.range.rawValue)
            writer.varint(UInt64(first))
            writer.varint(UInt64(last))
        case .labels(let labels):
            writer.u8(RowKind.labels.rawValue)
            writer.varint(UInt64(labels.count))
            for label in labels { writer.string(label) }
        }
    }

    private struct Decoder {
        var reader: ByteReader
        var seatCount = 0

        mutating func sections() throws(LayoutCodecError) -> [LayoutSection] {
            let version = try read { (r) throws(ByteReaderError) in try r.u8() }
            guard version == LayoutCodec.version else { throw .unknownVersion(version) }
            var sections: [LayoutSection] = []
            for _ in 0..<(try number()) { sections.append(try section()) }
            do { try reader.requireEnd() } catch { throw .bytes(error) }
            return sections
        }

        private mutating func section() throws(LayoutCodecError) -> LayoutSection {
            let (id, name, color) = (try text(), try text(), try text())
            var section = LayoutSection(
                id: id, name: name, color: color.isEmpty ? nil : color, rows: [])
            for _ in 0..<(try number()) {
                let row = LayoutRow(id: try text(), seats: try seats())
                seatCount += row.seats.count
                guard seatCount <= Layout.seatCountMax else { throw .tooManySeats }
                section.rows.append(row)
            }
            return section
        }

        private mutating func seats() throws(LayoutCodecError) -> RowSeats {
            let kind = try read { (r) throws(ByteReaderError) in try r.u8() }
            switch RowKind(rawValue: kind) {
            case .range:
                let (first, last) = (try number(), try number())
                guard let first = UInt32(exactly: first), let last = UInt32(exactly: last),
                    first <= last
                else { throw .emptyRange }
                return .range(first: first, last: last)
            case .labels:
                var labels: [String] = []
                for _ in 0..<(try number()) { labels.append(try text()) }
                return .labels(labels)
            case nil: throw .unknownRowKind(kind)
            }
        }

        private mutating func number() throws(LayoutCodecError) -> UInt64 {
            try read { (r) throws(ByteReaderError) in try r.varint() }
        }

        private mutating func text() throws(LayoutCodecError) -> String {
            try read { (r) throws(ByteReaderError) in try r.string(max: Layout.textBytesMax) }
        }

        private mutating func read<Value>(
            _ body: (inout ByteReader) throws(ByteReaderError) -> Value
        ) throws(LayoutCodecError) -> Value {
            do { return try body(&reader) } catch { throw .bytes(error) }
        }
    }
}
