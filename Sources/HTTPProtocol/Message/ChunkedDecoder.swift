import Primitives

/// Decodes a chunked body (RFC 9112 §7.1) as it arrives. Extensions are skipped, trailers read and
/// dropped; both are bounded.
struct ChunkedDecoder {
    private enum Step {
        case sizeStart
        case size
        case blanksAfterSize
        case chunkExtension
        case sizeEnd
        case data
        case dataReturn
        case dataEnd
        case trailers
        case complete
    }

    /// 60 bits, so that a size can't overflow; leading zeros count.
    private static let sizeDigitsMax = 15

    private var step = Step.sizeStart
    private var size = 0
    private var sizeDigits = 0
    /// Bytes of extensions, over all chunks: else tiny chunks could carry endless text.
    private var extensionBytes = 0
    /// Bytes of data decoded so far, those of the chunk being read included from its start.
    private var total = 0
    private var trailers = FieldScanner(from: 0)

    var isComplete: Bool { step == .complete }

    /// Decodes what it can of `bytes`, which continue where the last call stopped, onto `body`.
    /// The count of bytes that need not be given again: a trailer section is kept until whole.
    mutating func decode(
        _ bytes: Span<UInt8>, onto body: inout [UInt8], bodyBytesMax: Int, limits: HTTPLimits
    ) throws(HTTPParseError) -> Int {
        var cursor = 0
        while cursor < bytes.count, step != .complete {
            switch step {
            case .data:
                let part = bytes.extracting(cursor..<min(bytes.count, cursor + size))
                part.withUnsafeBufferPointer { body.append(contentsOf: $0) }
                cursor += part.count
                size -= part.count
                if size == 0 { step = .dataReturn }
            case .trailers:
                let section = bytes.extracting(cursor..<bytes.count)
                guard try trailers.scan(section, limits: limits) else { return cursor }
                cursor += trailers.cursor
                step = .complete
            case .sizeStart, .size, .blanksAfterSize, .chunkExtension, .sizeEnd, .dataReturn,
                .dataEnd, .complete:
                try read(bytes[cursor], bodyBytesMax: bodyBytesMax, limits: limits)
                cursor += 1
            }
        }
        return cursor
    }

    /// One byte between the chunks' data.
    private mutating func read(
        _ byte: UInt8, bodyBytesMax: Int, limits: HTTPLimits
    ) throws(HTTPParseError) {
        switch step {
        case .sizeStart:
            guard let digit = byte.hexadecimalValue else { throw .invalidChunkSize }
            (size, sizeDigits) = (Int(digit), 1)
            step = .size
        case .size:
            try readSize(byte)
        case .blanksAfterSize:
            guard byte.isBlank || byte == ASCII.semicolon else { throw .invalidChunkSize }
            try countExtensionByte(limits)
            if byte == ASCII.semicolon { step = .chunkExtension }
        case .chunkExtension:
            if byte == ASCII.carriageReturn {
                step = .sizeEnd
            } else {
                guard byte.isFieldContent else { throw .invalidChunkExtension }
                try countExtensionByte(limits)
            }
        case .sizeEnd:
            guard byte == ASCII.lineFeed else { throw .invalidChunkSize }
            guard size <= bodyBytesMax - total else { throw .bodyTooLarge }
            total += size
            step = size == 0 ? .trailers : .data
        case .dataReturn:
            guard byte == ASCII.carriageReturn else { throw .invalidChunkEnd }
            step = .dataEnd
        case .dataEnd:
            guard byte == ASCII.lineFeed else { throw .invalidChunkEnd }
            step = .sizeStart
        case .data, .trailers, .complete:
            invariantFailure("ChunkedDecoder: \(step) is not read byte by byte")
        }
    }

    private mutating func readSize(_ byte: UInt8) throws(HTTPParseError) {
        if let digit = byte.hexadecimalValue {
            guard sizeDigits < ChunkedDecoder.sizeDigitsMax else { throw .invalidChunkSize }
            size = size << 4 | Int(digit)
            sizeDigits += 1
            return
        }
        switch byte {
        case ASCII.carriageReturn: step = .sizeEnd
        case ASCII.semicolon: step = .chunkExtension
        case ASCII.space, ASCII.tab: step = .blanksAfterSize
        default: throw .invalidChunkSize
        }
    }

    private mutating func countExtensionByte(_ limits: HTTPLimits) throws(HTTPParseError) {
        extensionBytes += 1
        guard extensionBytes <= limits.headBytesMax else { throw .chunkExtensionsTooLarge }
    }
}
