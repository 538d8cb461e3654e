import Primitives
import CLinux
import Glibc

/// Unpredictable numbers from the kernel (getrandom(2)), for ids, nonces and keys. A value holds
/// a few hundred bytes drawn in advance, so that most ids cost no system call; it can't be
/// copied, since two copies would hand out the same numbers. Each thread makes its own.
package struct SecureRandom: ~Copyable {
    private static let reserveBytes = 256
    private var reserve: [UInt64] = []

    package init() {}

    /// 64 random bits.
    package mutating func nextUInt64() -> UInt64 {
        if let word = reserve.popLast() { return word }
        reserve = [UInt64](repeating: 0, count: Self.reserveBytes / MemoryLayout<UInt64>.size)
        reserve.withUnsafeMutableBytes(Self.fill)
        return reserve.removeLast()
    }

    /// 128 random bits.
    package mutating func nextUInt128() -> UInt128 {
        UInt128(nextUInt64()) << 64 | UInt128(nextUInt64())
    }

    /// `count` random bytes straight from the kernel, for secrets.
    package static func bytes(count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            fill(UnsafeMutableRawBufferPointer(buffer))
            initializedCount = count
        }
    }

    /// Fills the whole buffer; getrandom(2) may return fewer bytes than asked for above 256.
    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = uninterrupted { getrandom(rest.baseAddress, rest.count, 0) }
            invariant(count > 0, "getrandom failed: errno \(errno)")
            filled += count
        }
    }
}
