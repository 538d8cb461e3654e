/// Keyed authentication over SHA-256 (RFC 2104; FIPS 198-1).
package enum HMACSHA256 {
    /// The 32-byte code of `message`. Any key length is allowed; a key longer than a block is
    /// replaced by its digest.
    package static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let blockBytes = 64
        var block = key.count > blockBytes ? SHA256.digest(key).bytes : key
        block.append(contentsOf: repeatElement(0, count: blockBytes - block.count))

        var inner = SHA256()
        inner.update(block.map { $0 ^ 0x36 })
        inner.update(message)
        var outer = SHA256()
        outer.update(block.map { $0 ^ 0x5C })
        outer.update(inner.finish().bytes)
        return outer.finish().bytes
    }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only: where the
/// first difference lies must not be measurable by someone guessing a code byte by byte.
package func constantTimeEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
}
